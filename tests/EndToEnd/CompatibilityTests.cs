using GradLint.Build;

namespace GradLint.EndToEnd;

/// <summary>
/// GradLint.Runtime is compiled against the stand-in here and used with the real TorchSharp there. With the folder of a
/// real TorchSharp.dll (0.105.1 or later, its native libraries beside it) in GRADLINT_REAL_TORCHSHARP, this tries it.
/// </summary>
[Trait("Speed", "slow")]
public sealed class CompatibilityTests : IDisposable
{
    private const string Program = """
        using GradLint.Runtime;
        using TorchSharp;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;

        random.manual_seed(1);
        using var model = Sequential(("fc1", Linear(8, 8)), ("act1", Sigmoid()), ("head", Linear(8, 2)));
        var measured = GradientProbe.Measure(model, ones(4, 8), output => output.square().mean());
        Console.WriteLine($"TorchSharp {typeof(torch).Assembly.GetName().Version}");
        foreach (var layer in measured.Layers)
            Console.WriteLine(FormattableString.Invariant($"{layer.Path} {layer.Norm:E3}"));
        """;

    private readonly TemporaryFolder folder = new();

    [Fact]
    public void ProgramCompiledAgainstTheRealTorchSharp_UsesRuntime()
    {
        var output = Run(Build(RealTorchSharp()));

        Assert.DoesNotContain("TorchSharp 0.105.1.0", output[0]);
        AssertMeasured(output);
    }

    [Fact]
    public void ProgramCompiledAgainstTheStandIn_RunsOnTheRealTorchSharp_AndMeasuresTheSame()
    {
        var real = RealTorchSharp();
        var program = Build(Repository.At("build", "standins", "TorchSharp", "bin", "Debug", "net8.0"));
        var onStandIn = Run(program);
        Assert.Equal("TorchSharp 0.105.1.0", onStandIn[0]);
        AssertMeasured(onStandIn);

        CopyFiles(real, Path.GetDirectoryName(program)!);
        var onReal = Run(program);

        Assert.NotEqual(onStandIn[0], onReal[0]);
        Assert.Equal(onStandIn[1..], onReal[1..]);
    }

    public void Dispose() => folder.Dispose();

    private static string RealTorchSharp()
    {
        var real = Environment.GetEnvironmentVariable("GRADLINT_REAL_TORCHSHARP");
        Assert.SkipWhen(string.IsNullOrEmpty(real), "GRADLINT_REAL_TORCHSHARP does not name a folder with the real TorchSharp.dll.");
        Assert.True(File.Exists(Path.Combine(real!, "TorchSharp.dll")), $"no TorchSharp.dll in {real}, which GRADLINT_REAL_TORCHSHARP names");
        return real!;
    }

    /// <returns>The program's assembly.</returns>
    private string Build(string torchSharp)
    {
        var runtime = Repository.At("src", "GradLint.Runtime", "bin", "Debug", "net8.0");
        folder.Write("Program.cs", Program);
        folder.Write("Consumer.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
              </PropertyGroup>
              <ItemGroup>
                <Reference Include="{torchSharp}/TorchSharp.dll" />
                <Reference Include="{runtime}/GradLint.Runtime.dll;{runtime}/GradLint.Core.dll" />
              </ItemGroup>
            </Project>
            """);
        var build = Shell.Capture(Shell.Dotnet, ["build", "--nologo"], folder.Path);
        Assert.True(build.ExitCode == 0, build.Output);
        var program = Path.Combine(folder.Path, "bin", "Debug", "net10.0", "Consumer.dll");
        CopyFiles(torchSharp, Path.GetDirectoryName(program)!);
        return program;
    }

    private static string[] Run(string program)
    {
        var run = Shell.Capture(Shell.Dotnet, ["exec", program]);
        Assert.True(run.ExitCode == 0, run.Output);
        return [.. run.Lines.Where(line => line.Length > 0)];
    }

    private static void AssertMeasured(string[] output)
    {
        Assert.StartsWith("fc1 ", output[1]);
        Assert.StartsWith("head ", output[2]);
        Assert.All(output[1..], line => Assert.True(double.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) > 0, line));
    }

    private static void CopyFiles(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
    }
}
