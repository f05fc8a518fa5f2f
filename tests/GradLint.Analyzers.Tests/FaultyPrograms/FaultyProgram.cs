using System.Text.RegularExpressions;
using GradLint.Tests.Framework;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Tests.FaultyPrograms;

/// <summary>
/// A complete small program with one planted fault, and its correct twin. Both stand in one text file, named
/// <c>GLxxxx.WhatIsWrong.txt</c>: lines marked <c>//-</c> are the faulty program's only, lines marked <c>//+</c> the
/// twin's only, and <c>// file: Name.cs</c> begins another file. <c>Probe.Value()</c> shows what the fault does.
/// </summary>
internal sealed partial record FaultyProgram(string Name, string RuleId, IReadOnlyList<SyntaxTree> Faulty, IReadOnlyList<SyntaxTree> Correct)
{
    public static IEnumerable<string> Names => Directory
        .EnumerateFiles(Folder, "GL*.txt")
        .Select(path => Path.GetFileNameWithoutExtension(path))
        .Order(StringComparer.Ordinal);

    private static string Folder => Path.Combine(Repository.Root, "tests", "GradLint.Analyzers.Tests", "FaultyPrograms", "Programs");

    public static FaultyProgram Read(string name)
    {
        var text = File.ReadAllText(Path.Combine(Folder, name + ".txt")).ReplaceLineEndings("\n");
        return new(name, name.Split('.')[0], Variant(text, kept: "//-", dropped: "//+"), Variant(text, kept: "//+", dropped: "//-"));
    }

    private static IReadOnlyList<SyntaxTree> Variant(string text, string kept, string dropped)
    {
        var lines = text.Split('\n')
            .Where(line => !line.TrimStart().StartsWith(dropped, StringComparison.Ordinal))
            .Select(line => line.TrimStart().StartsWith(kept, StringComparison.Ordinal) ? line.Replace(kept, "", StringComparison.Ordinal) : line);
        var files = FileMarker().Split(string.Join('\n', lines));

        // What precedes the first marker is the first file; then names and contents take turns.
        var trees = new List<SyntaxTree> { AllAnalyzers.Parse(files[0], "Program.cs"), AllAnalyzers.Parse(TorchSharpProgram.Usings, "Usings.cs") };
        for (var i = 1; i < files.Length; i += 2)
            trees.Add(AllAnalyzers.Parse(files[i + 1], files[i]));
        return trees;
    }

    [GeneratedRegex(@"^// file: (\S+)\n", RegexOptions.Multiline)]
    private static partial Regex FileMarker();
}
