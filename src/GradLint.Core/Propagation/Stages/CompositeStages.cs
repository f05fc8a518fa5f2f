namespace GradLint.Core.Propagation.Stages;

/// <summary>Stages one after another, each built on the output of the one before.</summary>
internal sealed class SequenceStage : Stage
{
    private readonly List<Stage> _stages;

    private SequenceStage(List<Stage> stages)
    {
        _stages = stages;
        Output = stages[stages.Count - 1].Output;
    }

    public static Stage Create(Signal input, params Func<Signal, Stage>[] steps)
    {
        var stages = new List<Stage>();
        foreach (var step in steps)
        {
            var stage = step(input);
            if (stage is UnknownStage) return stage;
            stages.Add(stage);
            input = stage.Output;
        }

        return new SequenceStage(stages);
    }

    public override Gradient Backward(Gradient output, ParameterGradients parameters)
    {
        for (var i = _stages.Count - 1; i >= 0; i--)
            output = _stages[i].Backward(output, parameters);
        return output;
    }
}

/// <summary>x + f(x), the branch's random weights making it uncorrelated with x but for the means.</summary>
internal sealed class ResidualStage : Stage
{
    private readonly Stage _branch;

    private ResidualStage(Signal input, Stage branch)
    {
        _branch = branch;
        Output = input.Plus(branch.Output, input.Shape);
    }

    public static Stage Create(Signal input, Func<Signal, Stage> branch) =>
        branch(input) is var built && built is UnknownStage ? built : new ResidualStage(input, built);

    public override Gradient Backward(Gradient output, ParameterGradients parameters)
    {
        return output.Plus(_branch.Backward(output, parameters));
    }
}
