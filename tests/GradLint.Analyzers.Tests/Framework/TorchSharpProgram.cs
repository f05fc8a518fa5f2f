using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Testing;

namespace GradLint.Tests.Framework;

/// <summary>What every program under test has: a framework, TorchSharp and the usual usings.</summary>
internal static partial class TorchSharpProgram
{
    public static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest, DocumentationMode.Diagnose);

    public static readonly MetadataReference TorchSharp = MetadataReference.CreateFromFile(typeof(global::TorchSharp.torch).Assembly.Location);

    /// <summary>The same TorchSharp under another version number, for what depends on that alone.</summary>
    public static MetadataReference TorchSharpOfVersion(byte minor, byte? build = null)
    {
        var image = File.ReadAllBytes(typeof(global::TorchSharp.torch).Assembly.Location);
        var version = typeof(global::TorchSharp.torch).Assembly.GetName().Version!;
        // The assembly's row of the metadata: the hash algorithm SHA-1 (0x8004), then the version as four 16-bit numbers.
        byte[] row = [0x04, 0x80, 0, 0, 0, 0, (byte)version.Minor, 0, (byte)version.Build, 0, 0, 0];
        var place = image.AsSpan().IndexOf(row);
        Assert.True(place >= 0 && image.AsSpan(place + 1).IndexOf(row) < 0, "one place in TorchSharp.dll has its version");
        image[place + 6] = minor;
        image[place + 8] = build ?? image[place + 8];
        return MetadataReference.CreateFromImage(image);
    }

    /// <summary>The usings that most TorchSharp programs open with, so that a test shows only what it is about.</summary>
    public const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using TorchSharp;
        global using TorchSharp.Modules;
        global using static TorchSharp.torch;
        global using static TorchSharp.torch.nn;
        """;

    public static readonly ReferenceAssemblies Framework = ReferenceAssemblies.Net.Net80;

    /// <summary>The framework that runs the tests, for programs that are only compiled or also run here.</summary>
    public static readonly IReadOnlyList<MetadataReference> RunningFramework =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location))
            .Select(path => MetadataReference.CreateFromFile(path))];

    public static readonly CSharpCompilationOptions CompilationOptions =
        new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable);

    /// <summary>A library, or an executable where a file has top-level statements.</summary>
    public static OutputKind OutputKindOf(IEnumerable<string> files) =>
        files.Any(file => CSharpSyntaxTree.ParseText(Markup().Replace(file, ""), ParseOptions).GetRoot().ChildNodes().OfType<GlobalStatementSyntax>().Any())
            ? OutputKind.ConsoleApplication
            : OutputKind.DynamicallyLinkedLibrary;

    [GeneratedRegex(@"\{\|[#\w]+:|\|\}")]
    private static partial Regex Markup();
}
