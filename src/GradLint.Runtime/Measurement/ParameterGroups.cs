using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Runtime.Measurement;

/// <summary>The parameters of a model in groups that are measured together; kept from sample to sample.</summary>
internal sealed class ParameterGroups
{
    private readonly IReadOnlyList<LiveParameter> _parameters;
    private readonly (bool, ScalarType, DeviceType, int)[] _states;

    public ParameterGroups(IReadOnlyList<LiveParameter> parameters)
    {
        _parameters = parameters;
        _states = [.. parameters.Select(StateOf)];
        Groups = TensorGroups.Of(
            [.. parameters.Select(parameter => (Tensor)parameter.Tensor)],
            i => (parameters[i].IsMatrix, parameters[i].HasUnitRows, parameters[i].Tensor.requires_grad));
    }

    /// <summary>Indices of the parameters.</summary>
    public IReadOnlyList<int[]> Groups { get; }

    /// <summary>Whether they are the groups of these parameters still: a model may move to another device or precision.</summary>
    public bool AreOf(IReadOnlyList<LiveParameter> parameters)
    {
        if (!ReferenceEquals(_parameters, parameters))
            return false;
        for (var i = 0; i < _states.Length; i++)
        {
            if (StateOf(parameters[i]) != _states[i])
                return false;
        }

        return true;
    }

    private static (bool, ScalarType, DeviceType, int) StateOf(LiveParameter parameter) =>
        (parameter.Tensor.requires_grad, parameter.Tensor.dtype, parameter.Tensor.device_type, parameter.Tensor.device_index);
}
