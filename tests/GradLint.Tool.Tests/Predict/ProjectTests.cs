using GradLint.Tool.Predict;
using Spectre.Console;

namespace GradLint.Tool.Tests.Predict;

/// <summary>Projects, whose compiler arguments come from a real MSBuild.</summary>
public sealed class ProjectTests : IDisposable
{
    private const string Model = """
        namespace Shop;

        public class Ranker : Module<Tensor, Tensor>
        {
            private readonly Linear score = Linear(Sizes.Features, 1);

            public Ranker() : base(nameof(Ranker)) => RegisterComponents();

            public override Tensor forward(Tensor x) => score.call(x);
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("gradlint-project-").FullName;

    public ProjectTests()
    {
        Write("Ranker.cs", Model);
        Write("Sizes.cs", """
            namespace Shop;
            static class Sizes
            {
            #if WIDE
                public const int Features = 64;
            #else
                public const int Features = 16;
            #endif
            }
            """);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ProjectIsReadWithItsUsingsAndConstants()
    {
        var (exitCode, output, errors) = Run(Project("<TargetFramework>net10.0</TargetFramework><DefineConstants>WIDE</DefineConstants>"));

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains("score.weight 1×64", output);
    }

    [Fact]
    public void FolderWithAProjectIsReadAsThatProject()
    {
        Project("<TargetFramework>net10.0</TargetFramework>");
        var (exitCode, output, errors) = Run(_folder);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains("score.weight 1×16", output);
    }

    [Fact]
    public void OfSeveralFrameworksTheFirstIsRead()
    {
        var (exitCode, output, errors) = Run(Project("""
            <TargetFrameworks>net10.0;netstandard2.0</TargetFrameworks>
            <DefineConstants Condition="'$(TargetFramework)' == 'net10.0'">WIDE</DefineConstants>
            """));

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains("score.weight 1×64", output);
    }

    [Fact]
    public void ProjectThatDoesNotCompileIsReadAsFarAsItGoes()
    {
        Write("Broken.cs", "namespace Shop; static class Broken { static int Half(int n) => n / ; }");
        var (exitCode, output, errors) = Run(Project("<TargetFramework>net10.0</TargetFramework>"));

        Assert.Equal(ExitCode.Incomplete, exitCode);
        Assert.Contains("score.weight 1×16", output);
        Assert.Matches(@"^gradlint: 1 compiler error in '.*Shop\.csproj': read as far as it goes\. The first: .*Broken\.cs", errors);
    }

    [Fact]
    public void ProjectThatDoesNotLoadIsOneErrorLine()
    {
        var (exitCode, output, errors) = Run(Write("Shop.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup>"));

        Assert.Equal((ExitCode.NothingToDo, ""), (exitCode, output));
        Assert.Matches(@"^gradlint: '.*Shop\.csproj' cannot be loaded: .*error MSB4025", errors);
        Assert.Single(errors.TrimEnd().Split('\n'));
    }

    [Fact]
    public void ProjectWithoutTorchSharpSaysSo()
    {
        var (exitCode, _, errors) = Run(Project("<TargetFramework>net10.0</TargetFramework>", referencesTorchSharp: false));

        Assert.Equal(ExitCode.NothingToDo, exitCode);
        Assert.Contains("does not reference TorchSharp", errors);
    }

    private string Project(string properties, bool referencesTorchSharp = true) => Write("Shop.csproj", $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>{properties}<LangVersion>latest</LangVersion></PropertyGroup>
          <ItemGroup Condition="{referencesTorchSharp}"><Reference Include="{typeof(TorchSharp.torch).Assembly.Location}" /></ItemGroup>
          <ItemGroup>
            <Using Include="TorchSharp.Modules" />
            <Using Static="true" Include="TorchSharp.torch" />
            <Using Static="true" Include="TorchSharp.torch.nn" />
          </ItemGroup>
        </Project>
        """);

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }

    private static (int ExitCode, string Output, string Errors) Run(string path)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No });
        console.Profile.Width = 400;
        var exitCode = PredictCommand.Run(new(path) { ShowParameters = true }, console, errors, TestContext.Current.CancellationToken);
        return (exitCode, output.ToString(), errors.ToString());
    }
}
