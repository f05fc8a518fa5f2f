using System.Reflection;
using GradLint.Tests.Framework;

namespace GradLint.Analyzers.Tests.Framework;

/// <summary>Compiles a TorchSharp program and runs it here.</summary>
internal static class RunningProgram
{
    /// <param name="program">Declares <c>public static class Program</c> with <c>public static double Run()</c>.</param>
    public static double Evaluate(string program)
    {
        using var image = new MemoryStream();
        var result = AllAnalyzers.Compile([AllAnalyzers.Parse(program), AllAnalyzers.Parse(TorchSharpProgram.Usings, "Usings.cs")]).Emit(image);
        Assert.True(result.Success, string.Join(Environment.NewLine, result.Diagnostics));
        return (double)Assembly.Load(image.ToArray()).GetType("Program", throwOnError: true)!.GetMethod("Run")!.Invoke(null, null)!;
    }
}
