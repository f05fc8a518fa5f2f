namespace GradLint.Analyzers.Training;

/// <summary>One way that leads to an optimizer's step, and the events around it that can concern this optimizer.</summary>
internal sealed class TrainingStep(TrainingEvent step, OriginResolver origins, Framework.KnownTypes types)
{
    private TrainedModels? _models;

    public TrainingEvent Event { get; } = step;

    public Origin Optimizer => Event.Subject;

    public TrainedModels Models => _models ??= TrainedModels.OfOptimizer(Optimizer, origins, types);

    /// <summary>The innermost loop that goes through a backward and this step, or null.</summary>
    public TraceLoop? Loop => Event.Loops.FirstOrDefault(loop => loop.Events.Any(item => item.Kind == TrainingEventKind.Backward));

    /// <summary>Whether the event can clear gradients of this optimizer's parameters.</summary>
    public bool MayClear(TrainingEvent item) => item.Kind switch
    {
        TrainingEventKind.ZeroGrad => Concerns(item),
        TrainingEventKind.GradientWritten or TrainingEventKind.Unknown => true,
        _ => false,
    };

    /// <summary>Whether the event clears this optimizer's gradients for sure.</summary>
    public bool SurelyClears(TrainingEvent item) => item.Kind == TrainingEventKind.ZeroGrad && (IsOfOptimizer(item)
        ? item.Subject.IsSurely(Optimizer)
        : !Models.IsUnknown && Models.Modules.Count == 1 && Models.Surely(item.Subject));

    /// <summary>Whether a zero_grad can be that of this optimizer, or of a module that it trains.</summary>
    private bool Concerns(TrainingEvent item) =>
        IsOfOptimizer(item) ? item.Subject.MayBe(Optimizer) : Models.MayBe(item.Subject) || item.Subject.IsUnknown || IsWhole(item);

    /// <summary>Clearing a module clears its parts too: a part's optimizer is found by no origin of its own.</summary>
    private bool IsWhole(TrainingEvent item) =>
        Models.Modules.Any(module => module.Origin.Sites.Any(site => site.Key is Microsoft.CodeAnalysis.ISymbol)) || item.Subject.Sites.Any(site => site.Key is Microsoft.CodeAnalysis.ISymbol);

    private bool IsOfOptimizer(TrainingEvent item) =>
        item.Operation is Microsoft.CodeAnalysis.Operations.IInvocationOperation { TargetMethod.ContainingType: { } type } && types.IsOptimizer(type);
}
