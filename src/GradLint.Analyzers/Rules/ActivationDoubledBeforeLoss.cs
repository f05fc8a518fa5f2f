using System.Collections.Immutable;
using GradLint.Analyzers.Framework;
using GradLint.Analyzers.Training;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Member = GradLint.Core.Knowledge.TorchSharpNames.ModuleMembers;

namespace GradLint.Analyzers.Rules;

/// <summary>
/// GL1003: what a loss applies itself has been applied before: softmax before cross-entropy, sigmoid before
/// <c>BCEWithLogits</c>, softmax before softmax.
/// </summary>
internal sealed class ActivationDoubledBeforeLoss : ITrainingLoopRule
{
    private const string Squashed = "so it works on values within [0, 1] and the gradient that reaches the logits is squashed twice";

    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.ActivationDoubledBeforeLoss,
        "Activation is applied twice before the loss",
        "'{0}' applies {1} to what '{2}' has already been applied to, {3}: remove '{2}'",
        RuleCategory.Activation,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.ActivationDoubledBeforeLoss));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(TrainingLoopContext context)
    {
        foreach (var loss in LossCall.In(context))
        {
            if (loss.Loss.Input is LossInput.ClassLogits or LossInput.BinaryLogits && context.Sources.Of(loss.Input) is { } sources)
                CheckLoss(loss, sources, context);
        }

        foreach (var call in context.Operations.OfType<IInvocationOperation>().Where(call => MayBeSoftmax(call, context.Types)))
        {
            // The softmax itself is what the result of its call comes from.
            if (context.Sources.Of(call) is { Count: 1 } applied
                && applied[0] is { Kind: LayerKind.Softmax or LayerKind.LogSoftmax, Dimension: { } dimension } outer
                && outer.Use == call.Syntax.GetLocation()
                && InputOf(call) is { } input
                && context.Sources.Of(input) is { } inner
                && inner.All(source => source.Kind == LayerKind.Softmax && source.Dimension == dimension))
            {
                Report(context, call, DiagnosticSeverity.Warning, inner, outer.Name, "a softmax", Squashed);
            }
        }
    }

    private static void CheckLoss(LossCall loss, IReadOnlyList<TensorSource> sources, TrainingLoopContext context)
    {
        if (loss.Loss.Input == LossInput.BinaryLogits)
        {
            if (sources.All(source => source.Kind == LayerKind.Sigmoid))
                Report(context, loss.Call, DiagnosticSeverity.Warning, sources, loss.Name, "a sigmoid", Squashed);
        }
        else if (sources.All(source => source.Kind is LayerKind.Softmax or LayerKind.Softmax2d && source.Dimension != 0))
        {
            Report(context, loss.Call, DiagnosticSeverity.Warning, sources, loss.Name, "a softmax", Squashed);
        }
        else if (sources.All(source => source.Kind == LayerKind.LogSoftmax && source.Dimension != 0))
        {
            // log_softmax(log_softmax(x)) is log_softmax(x): work done twice, and no harm.
            Report(context, loss.Call, DiagnosticSeverity.Info, sources, loss.Name, "a log-softmax", "and the second one changes nothing");
        }
    }

    private static void Report(
        TrainingLoopContext context, IOperation call, DiagnosticSeverity severity, IReadOnlyList<TensorSource> sources, string name, string applied, string consequence)
    {
        var locations = sources.SelectMany(source => new[] { source.Construction, source.Use }).ToArray();
        var properties = ImmutableDictionary<string, string?>.Empty.Add(LossProperties.SourceLocations, $"{locations.Length}").Add(LossProperties.Source, sources[0].Name);
        context.Report(Diagnostic.Create(
            Rule, call.Syntax.GetLocation(), severity, locations, properties,
            name, applied, sources[0].Name, consequence));
    }

    /// <summary>A call by a softmax's name, or of a module that could be one.</summary>
    private static bool MayBeSoftmax(IInvocationOperation call, KnownTypes types)
    {
        var method = call.TargetMethod;
        if (!types.IsFromTorchSharp(method) || !types.IsTensor(method.ReturnType))
            return false;
        return types.IsModule(method.ContainingType)
            ? method.Name is Member.Call or Member.Forward && call.Arguments.Length == 1 && (!types.IsFromTorchSharp(call.Instance?.Type) || IsSoftmax(LayerTable.OfModule(call.Instance!.Type!.Name)) || call.Instance.Type!.IsAbstract)
            : IsSoftmax(LayerTable.OfFunction(method.Name));
    }

    private static bool IsSoftmax(LayerKind? kind) => kind is LayerKind.Softmax or LayerKind.LogSoftmax;

    private static IOperation? InputOf(IInvocationOperation call) =>
        call.Instance is { } instance && call.TargetMethod.Name is not (Member.Call or Member.Forward) ? instance : call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value;
}
