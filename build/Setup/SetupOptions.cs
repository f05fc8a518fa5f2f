using System.CommandLine;

namespace GradLint.Build.Setup;

/// <summary>The options that every verb takes, because every verb sets itself up first.</summary>
internal sealed class SetupOptions
{
    public Option<PackageSource?> TorchSharp { get; } = new("--torchsharp")
    {
        Description = "Take TorchSharp from the NuGet sources (Package) or from build/standins (StandIn) instead of asking the sources which they serve. The environment variable TorchSharpSource does the same.",
        Recursive = true,
    };

    public Option<PackageSource?> RoslynTesting { get; } = new("--roslyn-testing")
    {
        Description = "The same for Microsoft.CodeAnalysis.CSharp.CodeFix.Testing. The environment variable RoslynTestingSource does the same.",
        Recursive = true,
    };

    public Option<bool> Probe { get; } = new("--probe")
    {
        Description = "Ask the NuGet sources again, although they were asked before.",
        Recursive = true,
    };

    public void AddTo(Command command)
    {
        command.Options.Add(TorchSharp);
        command.Options.Add(RoslynTesting);
        command.Options.Add(Probe);
    }

    /// <summary>Makes this machine ready to build and run everything. Quick where it already is.</summary>
    public void Prepare(ParseResult parsed)
    {
        var selection = PackageSelection.Determine(parsed.GetValue(TorchSharp), parsed.GetValue(RoslynTesting), parsed.GetValue(Probe));
        if (selection.TorchSharp == PackageSource.StandIn)
            NativePackages.Ensure();
    }
}
