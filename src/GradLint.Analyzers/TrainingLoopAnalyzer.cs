using System.Collections.Immutable;
using GradLint.Analyzers.Framework;
using GradLint.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GradLint.Analyzers;

/// <summary>Runs the rules over the code that trains: loops, steps, clipping, grad mode.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TrainingLoopAnalyzer : TorchSharpAnalyzer
{
    private static readonly ImmutableArray<ITrainingLoopRule> Rules = ImmutableArray.Create<ITrainingLoopRule>(
        new BareNoGrad(),
        new GradientsNeverCleared(),
        new StepOutOfOrder(),
        new RecurrentWithoutClipping(),
        new IneffectiveClipping(),
        new EvalNeverUndone(),
        new ModelMovedAfterOptimizer(),
        new ForwardBypassesHooks(),
        new GraphCut(),
        new LossGraphKeptAlive(),
        new HiddenStateNotDetached(),
        new ActivationDoubledBeforeLoss(),
        new LossGivenLogits());

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = Rules.Descriptors();

    protected override void Register(CompilationStartAnalysisContext context, KnownTypes types) =>
        context.RegisterOperationBlockAction(block =>
        {
            var body = new TrainingLoopContext(block, types);
            foreach (var rule in Rules)
                rule.Check(body);
        });
}
