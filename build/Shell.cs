using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace GradLint.Build;

/// <summary>Runs other programs.</summary>
internal static partial class Shell
{
    /// <summary>The .NET host that runs this program, so that its children use the same SDK.</summary>
    public static string Dotnet { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";

    /// <summary>Runs with this program's own input and output.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string program, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = Start(StartInfo(program, arguments, folder, environment));
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Runs without input, collects both outputs in the order of their lines and shows each line as it comes to <paramref name="onLine"/>.</summary>
    public static Captured Capture(string program, IEnumerable<string> arguments, string? folder = null,
        IReadOnlyDictionary<string, string>? environment = null, Action<string>? onLine = null)
    {
        var info = StartInfo(program, arguments, folder, environment);
        info.RedirectStandardInput = info.RedirectStandardOutput = info.RedirectStandardError = true;
        var output = new StringBuilder();
        void Collect(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is null)
                return;
            lock (output)
            {
                output.AppendLine(line.Data);
                onLine?.Invoke(line.Data);
            }
        }

        using var process = Start(info);
        process.OutputDataReceived += Collect;
        process.ErrorDataReceived += Collect;
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.WaitForExit();
        return new Captured(process.ExitCode, output.ToString());
    }

    /// <summary>Runs a command of the .NET CLI that compiles, showing the errors and warnings in its output only.</summary>
    /// <returns>These, as the compiler writes them but with paths from the repository's root.</returns>
    /// <exception cref="BuildFailure">It failed; <paramref name="failure"/> says what that means.</exception>
    public static IReadOnlyList<string> Compile(string failure, params string[] arguments)
    {
        var diagnostics = new List<string>();
        var run = Capture(Dotnet, [.. arguments, "--nologo", "--verbosity", "quiet"], onLine: line =>
        {
            var diagnostic = ProjectSuffix().Replace(line, "").Replace(Repository.Root + Path.DirectorySeparatorChar, "");
            if (!DiagnosticLine().IsMatch(line) || diagnostics.Contains(diagnostic))
                return;
            diagnostics.Add(diagnostic);
            Console.WriteLine(diagnostic);
        });
        if (run.ExitCode == 0)
            return diagnostics;
        if (diagnostics.Count == 0)
            Console.WriteLine(run.Output);
        throw new BuildFailure($"{failure}; the messages of dotnet {arguments[0]} are above");
    }

    /// <summary>Runs a command of the .NET CLI with this program's own output.</summary>
    /// <exception cref="BuildFailure">It failed; <paramref name="failure"/> says what that means.</exception>
    public static void RunDotnet(string failure, params string[] arguments)
    {
        if (Run(Dotnet, arguments) is var code and not 0)
            throw new BuildFailure($"{failure}; dotnet {arguments[0]} ended with exit code {code}, its messages are above");
    }

    public static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".exe")));

    [GeneratedRegex(@"\b(error|warning) [A-Z]+\d+\s*:")]
    private static partial Regex DiagnosticLine();

    [GeneratedRegex(@" \[[^\]]*\]$")]
    private static partial Regex ProjectSuffix();

    private static ProcessStartInfo StartInfo(string program, IEnumerable<string> arguments, string? folder, IReadOnlyDictionary<string, string>? environment)
    {
        var info = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder ?? Repository.Root };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            info.Environment[name] = value;
        return info;
    }

    private static Process Start(ProcessStartInfo info)
    {
        try
        {
            return Process.Start(info)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new BuildFailure($"'{info.FileName}' cannot be started in {info.WorkingDirectory}; install it or put it on the PATH");
        }
    }
}

/// <param name="ExitCode">0 where the program says it succeeded.</param>
/// <param name="Output">What it wrote to both outputs.</param>
internal readonly record struct Captured(int ExitCode, string Output)
{
    public IEnumerable<string> Lines => Output.Split('\n').Select(line => line.TrimEnd('\r'));
}
