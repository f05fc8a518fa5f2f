using System.Reflection;
using Microsoft.CodeAnalysis.CSharp;

namespace GradLint.Tests.Framework;

/// <summary>Compiles a TorchSharp program and runs it here.</summary>
internal static class RunningProgram
{
    public static double Evaluate(string program) => Evaluate<double>(program);

    /// <param name="program">Declares <c>public static class Program</c> with a <c>public static</c> method <c>Run()</c> that returns a <typeparamref name="T"/>.</param>
    public static T Evaluate<T>(string program)
    {
        using var image = new MemoryStream();
        var result = CSharpCompilation.Create(
            "Program",
            new[] { program, TorchSharpProgram.Usings }.Select(text => CSharpSyntaxTree.ParseText(text, TorchSharpProgram.ParseOptions)),
            [.. TorchSharpProgram.RunningFramework, TorchSharpProgram.TorchSharp],
            TorchSharpProgram.CompilationOptions).Emit(image);
        Assert.True(result.Success, string.Join(Environment.NewLine, result.Diagnostics));
        return (T)Assembly.Load(image.ToArray()).GetType("Program", throwOnError: true)!.GetMethod("Run")!.Invoke(null, null)!;
    }
}
