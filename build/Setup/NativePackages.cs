namespace GradLint.Build.Setup;

/// <summary>What the TorchSharp stand-in needs of the operating system: libtorch with its headers, a fast BLAS under it, and a C++ compiler.</summary>
internal static class NativePackages
{
    /// <summary>libtorch takes whatever BLAS is installed; without OpenBLAS that is the reference implementation, some 70 times slower.</summary>
    private static readonly string[] Wanted = ["libtorch-dev", "libopenblas0-pthread", "g++"];

    private const string PackageInstead = "or configure a NuGet source that serves TorchSharp-cpu and pass --probe";

    /// <summary>Installs what is missing, on Debian and Ubuntu through apt-get, through sudo when not root.</summary>
    public static void Ensure()
    {
        if (!OperatingSystem.IsLinux() || !Shell.IsOnPath("dpkg-query"))
        {
            if (OperatingSystem.IsLinux() && Shell.IsOnPath("g++") && Directory.Exists("/usr/include/torch"))
                return;
            throw new BuildFailure($"the TorchSharp stand-in needs {string.Join(", ", Wanted)}, which this program installs on Debian and Ubuntu only; " +
                $"install libtorch with headers in /usr/include, OpenBLAS and g++ by hand, {PackageInstead}");
        }

        var missing = Missing();
        if (missing.Length == 0)
            return;
        var names = string.Join(", ", missing);
        var byHand = $"apt-get update && apt-get install -y {string.Join(' ', missing)}";
        if (!Shell.IsOnPath("apt-get"))
            throw new BuildFailure($"{names} missing, and there is no apt-get here to install it; install it by hand, {PackageInstead}");
        if (!Environment.IsPrivilegedProcess && !MayUseSudo())
            throw new BuildFailure($"{names} missing, and installing it takes root; as root, run: {byHand}");

        Console.WriteLine($"installing {names} with apt-get ...");
        if (missing.Any(package => !HasCandidate(package)))
            Update(byHand);
        if (AptGet(Install(missing)) is not 0)
        {
            // The lists may name a version that the mirror no longer has.
            Update(byHand);
            if (AptGet(Install(missing)) is var code and not 0)
                throw new BuildFailure($"apt-get could not install {names} (exit code {code}; its messages are above); look at the network, then run: {byHand}");
        }
        if (Missing() is { Length: > 0 } still)
            throw new BuildFailure($"apt-get says it is done, but {string.Join(", ", still)} is not installed; run: {byHand}");
    }

    private static string[] Missing() =>
        [.. Wanted.Where(package => !Shell.Capture("dpkg-query", ["--show", "--showformat", "${db:Status-Status}", package]).Output.StartsWith("installed", StringComparison.Ordinal))];

    private static bool HasCandidate(string package) =>
        Shell.Capture("apt-cache", ["policy", package]).Lines.Any(line => line.Contains("Candidate:") && !line.Contains("(none)"));

    /// <summary>Where nobody can type a password, sudo must not ask for one.</summary>
    private static bool MayUseSudo() =>
        Shell.IsOnPath("sudo") && (!Console.IsInputRedirected || Shell.Capture("sudo", ["--non-interactive", "true"]).ExitCode == 0);

    private static void Update(string byHand)
    {
        if (AptGet(["update", "-q"]) is var code and not 0)
            throw new BuildFailure($"apt-get update failed (exit code {code}; its messages are above); look at the network, then run: {byHand}");
    }

    private static string[] Install(string[] packages) => ["install", "-y", "-q", "--no-install-recommends", .. packages];

    private static int AptGet(string[] arguments)
    {
        string[] command = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", .. arguments];
        return Environment.IsPrivilegedProcess ? Shell.Run(command[0], command[1..]) : Shell.Run("sudo", command);
    }
}
