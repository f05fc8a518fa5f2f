using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Stages;

/// <summary>Projections of queries, keys and values, attention in each head, and the output projection.</summary>
internal sealed class MultiheadAttention
{
    private readonly Stage _queries, _keys, _values, _output;
    private readonly AttentionWeights _attention;

    private MultiheadAttention(Stage queries, Stage keys, Stage values, AttentionWeights attention, Stage output) =>
        (_queries, _keys, _values, _attention, _output) = (queries, keys, values, attention, output);

    public Signal Output => _output.Output;

    /// <param name="prefix">Of the parameters' names: empty, or <c>self_attn.</c>.</param>
    /// <param name="unknown">Why the result is null.</param>
    public static MultiheadAttention? Create(Signal query, Signal key, Signal value, GraphNode node, string prefix, double dropout, FlowContext context, out UnknownStage? unknown)
    {
        var samples = context.BatchSize;
        var packed = context.Parameter(node, prefix + "in_proj_weight");
        var bias = context.Parameter(node, prefix + "in_proj_bias");
        var width = query.Shape.Features;
        Stage Project(Signal input, string own) => packed is null
            ? LinearStage.Create(input, input.Shape, samples, context.Parameter(node, prefix + own), null)
            : LinearStage.Create(input, input.Shape, samples, packed, bias, rows: width);

        Stage queries = Project(query, "q_proj_weight"), keys = Project(key, "k_proj_weight"), values = Project(value, "v_proj_weight");
        unknown = new[] { queries, keys, values }.OfType<UnknownStage>().FirstOrDefault();
        if (unknown is not null) return null;
        var attention = new AttentionWeights(queries.Output, keys.Output, values.Output, dropout);
        var output = LinearStage.Create(attention.Output, query.Shape, samples, context.Parameter(node, prefix + "out_proj.weight"), context.Parameter(node, prefix + "out_proj.bias"));
        unknown = output as UnknownStage;
        return unknown is null ? new(queries, keys, values, attention, output) : null;
    }

    public (Gradient Query, Gradient Key, Gradient Value) Backward(Gradient output, ParameterGradients parameters)
    {
        var mixed = _output.Backward(output, parameters);
        return (
            _queries.Backward(_attention.AtQueries(mixed), parameters),
            _keys.Backward(_attention.AtKeys(mixed), parameters),
            _values.Backward(_attention.AtValues(mixed), parameters));
    }
}

/// <summary>Attention of a sequence to another one, the memory.</summary>
internal sealed class CrossAttentionStage : Stage
{
    private readonly MultiheadAttention _attention;

    private CrossAttentionStage(MultiheadAttention attention)
    {
        _attention = attention;
        Output = attention.Output;
    }

    /// <summary>The gradient at the memory, after the backward pass.</summary>
    public Gradient AtMemory { get; private set; } = Gradient.Zero;

    public static Stage Create(Signal input, Signal memory, GraphNode node, string prefix, double dropout, FlowContext context) =>
        MultiheadAttention.Create(input, memory, memory, node, prefix, dropout, context, out var unknown) is { } attention
            ? new CrossAttentionStage(attention) : unknown!;

    public override Gradient Backward(Gradient output, ParameterGradients parameters)
    {
        var (query, key, value) = _attention.Backward(output, parameters);
        AtMemory = key.Plus(value);
        return query;
    }
}

/// <summary>Attention of a sequence to itself.</summary>
internal sealed class SelfAttentionStage : Stage
{
    private readonly MultiheadAttention _attention;

    private SelfAttentionStage(MultiheadAttention attention)
    {
        _attention = attention;
        Output = attention.Output;
    }

    public static Stage Create(Signal input, GraphNode node, string prefix, double dropout, FlowContext context) =>
        MultiheadAttention.Create(input, input, input, node, prefix, dropout, context, out var unknown) is { } attention
            ? new SelfAttentionStage(attention) : unknown!;

    public override Gradient Backward(Gradient output, ParameterGradients parameters)
    {
        var (query, key, value) = _attention.Backward(output, parameters);
        return query.Plus(key).Plus(value);
    }
}
