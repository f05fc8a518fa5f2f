using System.Collections.Immutable;
using GradLint.Analyzers.Evidence;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Propagation;
using GradLint.Core.Propagation.Counterfactuals;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Framework;

/// <summary>One model root as a model rule sees it: what the code constructs, and what that is predicted to do.</summary>
/// <param name="graph">The model.</param>
/// <param name="root">Where the root is declared or constructed; diagnostics belong into this place's files.</param>
/// <param name="ownSyntax">The root's declarations, or its construction.</param>
/// <param name="options">Settings of the file with the root.</param>
/// <param name="torchSharp">The version of TorchSharp that the code references.</param>
/// <param name="evidence">What a training run of the model measured; null where there is none.</param>
/// <param name="isTrainedAdaptively">Tells whether all optimizers that train the model are of the Adam family; asked only for a finding.</param>
/// <param name="report">Receives the findings.</param>
/// <param name="cancellationToken">Ends the predictions.</param>
public sealed class ModelRuleContext(
    ModelGraph graph, Location root, IReadOnlyList<SyntaxNode> ownSyntax, GradLintOptions options, Version torchSharp, RunEvidence? evidence, Func<bool> isTrainedAdaptively, Action<Diagnostic> report,
    CancellationToken cancellationToken)
{
    /// <summary>
    /// The gradient ratio down to which an optimizer of the Adam family still moves a starved layer at its usual pace: it
    /// divides each step by the running magnitude of that parameter's own gradient.
    /// </summary>
    private const double AdaptiveMinRatio = 1e-5;

    private Lazy<GradientFault?>? _fault;
    private readonly Lazy<Prediction> _prediction = new(() => Predictor.Predict(graph, ToPredictionOptions(options, cancellationToken)));

    public ModelGraph Graph { get; } = graph;

    public GradLintOptions Options { get; } = options;

    /// <summary>The gradient or signal that is out of range, with its one cause; null when there is none.</summary>
    public GradientFault? Fault =>
        (_fault ??= new(() => GradientFault.Of(Graph, Prediction, this.Band(), PredictionOptions, Options.PreferredActivation))).Value;

    /// <summary>Whether the referenced TorchSharp is known to have the faults in initialisers and layers that rules are about.</summary>
    public bool HasKnownFaults { get; } = torchSharp < TorchSharpNames.Versions.Unseen;

    public RunEvidence? Evidence { get; } = evidence;

    /// <summary>Whether a training run measured a gradient ratio within the band where the prediction lies outside.</summary>
    public bool IsClearedByEvidence(ParameterPrediction outside) =>
        Evidence is not null && Evidence.Ratios.TryGetValue(outside.Path, out var measured) && measured >= Options.MinGradientRatio && measured <= Options.MaxGradientRatio;

    public Location Root { get; } = root;

    public Prediction Prediction => _prediction.Value;

    public PredictionOptions PredictionOptions => ToPredictionOptions(Options, cancellationToken);

    /// <summary>
    /// Reports with the first of <paramref name="sites"/> that lies within the root's own code as the place, or else the
    /// root itself: a location in another file would be lost in live analysis. All sites, and at last the root, are
    /// additional locations.
    /// </summary>
    public void Report(
        DiagnosticDescriptor rule, IReadOnlyList<Location> sites, ImmutableDictionary<string, string?> properties, params object[] arguments) =>
        Report(rule, rule.DefaultSeverity, sites, properties, arguments);

    /// <summary>The same at another severity than the rule's own, where the evidence is stronger or weaker.</summary>
    public void Report(
        DiagnosticDescriptor rule, DiagnosticSeverity severity, IReadOnlyList<Location> sites, ImmutableDictionary<string, string?> properties, params object[] arguments)
    {
        var place = sites.FirstOrDefault(IsOwn) ?? Root;
        report(Diagnostic.Create(rule, place, severity, [.. sites, Root], properties, arguments));
    }

    /// <summary>The rule's own severity; Info for a vanishing gradient that the model's optimizer makes up for, or that a run did not show.</summary>
    public DiagnosticSeverity SeverityOf(DiagnosticDescriptor rule, ParameterPrediction outside) =>
        IsMadeUpFor(outside) || IsClearedByEvidence(outside) ? DiagnosticSeverity.Info : rule.DefaultSeverity;

    /// <summary>Whether the gradient vanishes no further than the optimizer of the model makes up for.</summary>
    public bool IsMadeUpFor(ParameterPrediction outside) =>
        outside.Log10GradientRatio.Value is < 0 and var ratio && ratio > Math.Log10(AdaptiveMinRatio) && IsTrainedAdaptively;

    /// <summary>Whether all optimizers that train the model are known, and of the Adam family.</summary>
    public bool IsTrainedAdaptively => isTrainedAdaptively();

    private bool IsOwn(Location location) =>
        ownSyntax.Any(node => node.SyntaxTree == location.SourceTree && node.Span.Contains(location.SourceSpan));

    private static PredictionOptions ToPredictionOptions(GradLintOptions options, CancellationToken cancellationToken) => new()
    {
        InputSecondMoment = options.InputSecondMoment,
        SequenceLength = options.SequenceLength > 0 ? options.SequenceLength : null,
        CancellationToken = cancellationToken,
    };
}
