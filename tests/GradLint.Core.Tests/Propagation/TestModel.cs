using GradLint.Core.Model;

namespace GradLint.Core.Tests.Propagation;

/// <summary>Writes model graphs down layer by layer, as the extractor would produce them.</summary>
internal sealed class TestModel
{
    private readonly List<GraphNode> _nodes = [];
    private readonly List<ModelParameter> _parameters = [];
    private int _layers;

    public TestModel() => Apply(LayerKind.Input, []);

    public int Last => _nodes.Count - 1;

    public static LayerArguments Arguments(params (string Name, object? Value)[] values) => new(values.ToDictionary(v => v.Name, v => v.Value));

    public static Initialization Init(InitializerKind kind, params (string Name, object? Value)[] values) =>
        new(kind, Arguments(values), IsExplicit: true, Origin.None);

    public TestModel Linear(long inputs, long outputs, Initialization? weight = null)
    {
        var standard = Initialization.Default(InitializerKind.DefaultFanIn);
        return Layer(LayerKind.Linear, Arguments(), ("weight", [outputs, inputs], weight ?? standard), ("bias", [outputs], standard));
    }

    public TestModel Layer(LayerKind kind, LayerArguments arguments, params (string Name, long?[] Shape, Initialization Initialization)[] parameters)
    {
        var path = $"{kind.ToString().ToLowerInvariant()}{_layers++}";
        var first = _parameters.Count;
        foreach (var (name, shape, initialization) in parameters)
            _parameters.Add(new($"{path}.{name}", shape, initialization, RequiresGrad: true, Origin.None));
        _nodes.Add(new(_nodes.Count, kind, path, arguments, [new(Last)], [.. Enumerable.Range(first, parameters.Length)], Origin.None, Origin.None));
        return this;
    }

    public TestModel Activation(LayerKind kind, params (string Name, object? Value)[] arguments) => Layer(kind, Arguments(arguments));

    public TestModel Apply(LayerKind kind, int[] inputs, params (string Name, object? Value)[] arguments)
    {
        _nodes.Add(new(_nodes.Count, kind, null, Arguments(arguments), [.. inputs.Select(i => new NodeOutput(i))], [], Origin.None, Origin.None));
        return this;
    }

    public ModelGraph Build() =>
        new("Net", Origin.None, _nodes, [new(Last)], _parameters, [], GraphStatus.Known, []);
}
