using System.Collections.Immutable;
using GradLint.Analyzers.Framework;
using GradLint.Analyzers.Training;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Rules;

/// <summary>
/// GL3001: a loop trains a model with recurrent layers and nothing on the way to its step bounds the gradient, which such
/// layers multiply once a time step.
/// </summary>
internal sealed class RecurrentWithoutClipping : ITrainingLoopRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.RecurrentWithoutClipping,
        "Recurrent model is trained without gradient clipping",
        "'{0}' trains a model with {1} layers, whose gradient can grow with every time step, and nothing clips it: call 'clip_grad_norm_' between backward and step",
        RuleCategory.Recurrence,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.RecurrentWithoutClipping));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(TrainingLoopContext context)
    {
        var reported = new HashSet<SyntaxNode>();
        foreach (var step in context.Steps)
        {
            if (step.Loop is null
                || step.Models.IsUnknown
                || step.Event.Trace.Events.Any(item => item.Kind is TrainingEventKind.Clip or TrainingEventKind.GradientWritten or TrainingEventKind.Unknown)
                || RecurrentType(step, context) is not { } layer
                || !reported.Add(step.Event.Operation.Syntax))
            {
                continue;
            }

            var properties = ImmutableDictionary<string, string?>.Empty.Add(ClipProperties.Norm, ClipProperties.Literal(context.Options.ClipNorm));
            context.Report(Diagnostic.Create(
                Rule,
                step.Event.Operation.Syntax.GetLocation(),
                step.Models.Modules.Select(module => module.Taken.GetLocation()),
                properties,
                step.Event.Operation.Syntax.ToString(),
                layer.Name));
        }
    }

    private static ITypeSymbol? RecurrentType(TrainingStep step, TrainingLoopContext context) => step.Models.Modules
        .Select(module => new RecurrentLayers(context.Training.Source, context.Types, context.Origins, context.CancellationToken).In(module))
        .FirstOrDefault(layer => layer is not null);
}
