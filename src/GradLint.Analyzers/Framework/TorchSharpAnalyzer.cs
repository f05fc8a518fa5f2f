using Microsoft.CodeAnalysis.Diagnostics;

namespace GradLint.Analyzers.Framework;

/// <summary>
/// The base of all analyzers here: concurrent, silent in generated code, and at the price of one symbol look-up
/// in a compilation that does not reference TorchSharp.
/// </summary>
public abstract class TorchSharpAnalyzer : DiagnosticAnalyzer
{
    public sealed override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (KnownTypes.From(start.Compilation) is { } types)
                Register(start, types);
        });
    }

    /// <summary>Registers what the analyzer looks at; called once for a compilation that references TorchSharp.</summary>
    protected abstract void Register(CompilationStartAnalysisContext context, KnownTypes types);
}
