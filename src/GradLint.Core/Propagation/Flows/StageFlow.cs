using GradLint.Core.Model;
using GradLint.Core.Propagation.Stages;

namespace GradLint.Core.Propagation.Flows;

/// <summary>A node with one input and one result.</summary>
internal sealed class StageFlow : Flow
{
    private readonly Stage _stage;

    private StageFlow(GraphNode node, Stage stage)
        : base(node)
    {
        _stage = stage;
        Outputs = [stage.Output];
    }

    public override double? DeadShare => _stage.DeadShare;

    public static Flow Of(GraphNode node, Stage stage) =>
        stage is UnknownStage unknown ? new UnknownFlow(node, unknown.Reason) : new StageFlow(node, stage);

    public override IReadOnlyList<Gradient> Backward(IReadOnlyList<Gradient> outputs, ParameterGradients parameters) =>
        [_stage.Backward(outputs[0], parameters)];
}
