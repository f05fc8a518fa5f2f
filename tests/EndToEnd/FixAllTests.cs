using GradLint.Build;

namespace GradLint.EndToEnd;

/// <summary>
/// <c>dotnet format analyzers</c> mends the findings whose first action shares one equivalence key: a project with several
/// models whose best remedies differ is mended in one run.
/// </summary>
[Collection("Builds in the repository"), Trait("Speed", "slow")]
public sealed class FixAllTests
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>net10.0</TargetFramework>
            <UsesTorchSharp>Api</UsesTorchSharp>
            <ImplicitUsings>enable</ImplicitUsings>
            <WarningsNotAsErrors>$(WarningsNotAsErrors);GL1001</WarningsNotAsErrors>
            <NoWarn>$(NoWarn);CS1591</NoWarn>
          </PropertyGroup>
          <Import Project="$(RepositoryRoot)build/GradLint.Analyzers.props" />
        </Project>
        """;

    private const string Usings = """
        global using TorchSharp;
        global using TorchSharp.Modules;
        global using static TorchSharp.torch;
        global using static TorchSharp.torch.nn;

        """;

    /// <summary>The activation can be swapped.</summary>
    private const string Swapped = """
        namespace Models;

        public static class Swapped
        {
            public static Module<Tensor, Tensor> First() => Sequential(
                Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), // two
                Linear(64, 64), Sigmoid(), Linear(64, 64), Sigmoid(), Linear(64, 10));

            public static Module<Tensor, Tensor> Second()
            {
                var layers = new List<(string, Module<Tensor, Tensor>)>();
                for (var i = 0; i < 8; i++)
                {
                    layers.Add(($"fc{i}", Linear(64, 64)));
                    layers.Add(($"act{i}", Sigmoid()));
                }

                layers.Add(("head", Linear(64, 10)));
                var model = Sequential(layers);
                return model;
            }
        }

        """;

    /// <summary>The activation's type is part of what other code sees, so only norms or shortcuts will do.</summary>
    private const string Kept = """
        namespace Models.Kept;

        public class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc1 = Linear(64, 64), fc2 = Linear(64, 64), fc3 = Linear(64, 64), fc4 = Linear(64, 64), head = Linear(64, 10);
            private readonly Sigmoid act;

            public Net(Sigmoid shared) : base("Net")
            {
                act = shared;
                RegisterComponents();
            }

            public Net() : this(Sigmoid())
            {
            }

            public override Tensor forward(Tensor x)
            {
                x = act.call(fc1.call(x));
                x = act.call(fc2.call(x));
                x = act.call(fc3.call(x));
                return head.call(act.call(fc4.call(x)));
            }
        }

        """;

    /// <summary>The weights are drawn to fit ReLU already: the activation alone is swapped.</summary>
    private const string Drawn = """
        namespace Models.Drawn;

        public class Net : torch.nn.Module<torch.Tensor, torch.Tensor>
        {
            private readonly ModuleList<Linear> layers = new();
            private readonly Linear head = torch.nn.Linear(64, 10);

            public Net() : base("Net")
            {
                for (var i = 0; i < 8; i++)
                {
                    var layer = torch.nn.Linear(64, 64);
                    torch.nn.init.kaiming_normal_(layer.weight, nonlinearity: torch.nn.init.NonlinearityType.ReLU);
                    layers.Add(layer);
                }

                RegisterComponents();
            }

            public override torch.Tensor forward(torch.Tensor x)
            {
                foreach (var layer in layers)
                    x = torch.sigmoid(layer.call(x));
                return head.call(x);
            }
        }

        """;

    [Fact]
    public void ChainsWhoseBestRemediesDiffer_AreMendedInOneRun()
    {
        var folder = Repository.EmptyArtifacts("tests", "FixAll");
        foreach (var (name, text) in new[] { ("FixAll.csproj", Project), ("Usings.cs", Usings), ("Swapped.cs", Swapped), ("Kept.cs", Kept), ("Drawn.cs", Drawn) })
            File.WriteAllText(Path.Combine(folder, name), text);
        var project = Path.Combine(folder, "FixAll.csproj");

        Assert.Equal(4, Findings(project).Length);
        var format = Shell.Capture(Shell.Dotnet, ["format", "analyzers", project, "--no-restore", "--diagnostics", "GL1001", "--severity", "warn"]);
        Assert.True(format.ExitCode == 0, format.Output);
        Assert.Empty(Findings(project));

        var swapped = File.ReadAllText(Path.Combine(folder, "Swapped.cs"));
        Assert.DoesNotContain("Sigmoid", swapped);
        Assert.Contains("ReLU(), // two", swapped);
        Assert.Contains("x = functional.relu(layer.call(x));", File.ReadAllText(Path.Combine(folder, "Drawn.cs")).Replace("torch.nn.", ""));
        var kept = File.ReadAllText(Path.Combine(folder, "Kept.cs"));
        Assert.Contains("BatchNorm1d norm1 = BatchNorm1d(64)", kept);
        Assert.Contains("act.call(norm1.call(fc1.call(x)))", kept);

        // Nothing is left to do.
        var texts = Directory.GetFiles(folder, "*.cs").ToDictionary(file => file, File.ReadAllText);
        Assert.Equal(0, Shell.Capture(Shell.Dotnet, ["format", "analyzers", project, "--no-restore", "--diagnostics", "GL1001", "--severity", "warn"]).ExitCode);
        Assert.All(texts, pair => Assert.Equal(pair.Value, File.ReadAllText(pair.Key)));
    }

    private static string[] Findings(string project)
    {
        var build = Shell.Capture(Shell.Dotnet, ["build", project, "-v", "q", "--nologo", "--no-incremental"]);
        Assert.True(build.ExitCode == 0, build.Output);
        return [.. build.Output.Split('\n').Where(line => line.Contains(": warning GL1001: ", StringComparison.Ordinal)).Select(line => line.Trim()).Distinct()];
    }
}
