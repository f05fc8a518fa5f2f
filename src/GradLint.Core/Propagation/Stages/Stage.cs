namespace GradLint.Core.Propagation.Stages;

/// <summary>One step of a model with one input and one output: the signal forward on construction, the gradient on request.</summary>
internal abstract class Stage
{
    private Signal? _output;

    public Signal Output
    {
        get => _output!;
        protected set => _output = value;
    }

    /// <summary>Share of units that are inactive for every input; null where the notion does not apply.</summary>
    public virtual double? DeadShare => null;

    /// <summary>The gradient at the input from that at the output; reports the gradients of the stage's own parameters.</summary>
    public abstract Gradient Backward(Gradient output, ParameterGradients parameters);
}

/// <summary>A step whose effect cannot be told; it ends the prediction.</summary>
internal sealed class UnknownStage(string reason) : Stage
{
    public string Reason { get; } = reason;

    public override Gradient Backward(Gradient output, ParameterGradients parameters) => Gradient.Zero;
}
