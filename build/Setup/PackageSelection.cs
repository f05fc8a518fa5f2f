using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace GradLint.Build.Setup;

internal enum PackageSource
{
    /// <summary>From the configured NuGet sources.</summary>
    Package,

    /// <summary>From build/standins.</summary>
    StandIn,
}

/// <summary>Where the packages come from that not every NuGet source serves; see build/PackageSelection.props.</summary>
internal sealed record PackageSelection(PackageSource TorchSharp, PackageSource RoslynTesting)
{
    private const string TorchSharpProperty = "TorchSharpSource";
    private const string RoslynTestingProperty = "RoslynTestingSource";
    private const string AskedProperty = "PackageSelectionAsked";

    private static string File => Repository.At("build", "PackageSelection.g.props");

    /// <summary>
    /// The forced choice where there is one, else what the sources answered. They are asked once, and again when their
    /// configuration or a wanted version changes, or when <paramref name="askAgain"/> says so.
    /// </summary>
    public static PackageSelection Determine(PackageSource? torchSharp, PackageSource? roslynTesting, bool askAgain)
    {
        torchSharp = Force(TorchSharpProperty, torchSharp);
        roslynTesting = Force(RoslynTestingProperty, roslynTesting);
        if (torchSharp is { } first && roslynTesting is { } second)
            return new(first, second);

        var asked = Fingerprint();
        var answer = askAgain ? null : Read(asked);
        if (answer is null)
        {
            answer = Ask();
            answer.Write(asked);
        }
        return new(torchSharp ?? answer.TorchSharp, roslynTesting ?? answer.RoslynTesting);
    }

    /// <summary>MSBuild takes environment variables for properties, so a choice set there reaches every build this program starts.</summary>
    private static PackageSource? Force(string property, PackageSource? choice)
    {
        if (choice is null && Environment.GetEnvironmentVariable(property) is { Length: > 0 } text)
            choice = Enum.TryParse<PackageSource>(text, out var parsed) && Enum.IsDefined(parsed)
                ? parsed
                : throw new BuildFailure($"the environment variable {property} is '{text}'; it takes Package or StandIn");
        if (choice is not null)
            Environment.SetEnvironmentVariable(property, choice.ToString());
        return choice;
    }

    private static PackageSelection Ask()
    {
        var selection = new PackageSelection(
            PackageFeed.Serves("TorchSharp-cpu") ? PackageSource.Package : PackageSource.StandIn,
            PackageFeed.Serves("Microsoft.CodeAnalysis.CSharp.CodeFix.Testing") ? PackageSource.Package : PackageSource.StandIn);
        Console.WriteLine($"TorchSharp: {Describe(selection.TorchSharp)}; Roslyn testing library: {Describe(selection.RoslynTesting)}");
        return selection;
    }

    private static string Describe(PackageSource source) => source == PackageSource.Package ? "the package" : "the stand-in (the NuGet sources do not serve the package)";

    private static PackageSelection? Read(string asked)
    {
        if (!System.IO.File.Exists(File))
            return null;
        try
        {
            var properties = XDocument.Load(File).Descendants().ToLookup(element => element.Name.LocalName, element => element.Value);
            return properties[AskedProperty].Contains(asked)
                && Enum.TryParse<PackageSource>(properties[TorchSharpProperty].FirstOrDefault(), out var torchSharp)
                && Enum.TryParse<PackageSource>(properties[RoslynTestingProperty].FirstOrDefault(), out var roslynTesting)
                ? new(torchSharp, roslynTesting)
                : null;
        }
        catch (System.Xml.XmlException)
        {
            return null;
        }
    }

    void Write(string asked) => Repository.WriteAtomically(File, $"""
        <!-- Written by the build program: what the NuGet sources answered. Delete it, or pass it probe, and they are asked again. -->
        <Project>
          <PropertyGroup>
            <{AskedProperty}>{asked}</{AskedProperty}>
            <{TorchSharpProperty} Condition="'$({TorchSharpProperty})' == ''">{TorchSharp}</{TorchSharpProperty}>
            <{RoslynTestingProperty} Condition="'$({RoslynTestingProperty})' == ''">{RoslynTesting}</{RoslynTestingProperty}>
          </PropertyGroup>
        </Project>

        """);

    /// <summary>Of all that the answer depends on: the sources and the versions asked for.</summary>
    private static string Fingerprint()
    {
        var question = string.Join('\n', [PackageFeed.Sources(), PackageFeed.Version("TorchSharp-cpu"), PackageFeed.Version("Microsoft.CodeAnalysis.CSharp.CodeFix.Testing")]);
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(question)))[..16];
    }
}
