namespace GradLint.Core.Model;

/// <summary>How much of a model could be read from its code.</summary>
public enum GraphStatus
{
    /// <summary>Every layer, connection and size is known, apart from sizes that only data can tell.</summary>
    Known,

    /// <summary>Some nodes, counts or sizes are unknown; <see cref="ModelGraph.Reasons"/> says which and why.</summary>
    Partial,

    /// <summary>Nothing can be said about the flow from input to output.</summary>
    Unknown,
}

/// <summary>
/// A model as its code constructs and applies it: a directed acyclic graph of layer applications.
/// Loops of known length are unrolled; the body of a loop of unknown length stands once, in a <see cref="RepeatedBlock"/>.
/// </summary>
/// <param name="TypeName">The name of the module type, or <c>Sequential</c> for a bare expression.</param>
/// <param name="Origin">Where the analysed root is declared or constructed.</param>
/// <param name="Nodes">Layer applications in topological order: <c>Nodes[i].Id == i</c> and inputs come first.</param>
/// <param name="Outputs">What <c>forward</c> returns, in order.</param>
/// <param name="Parameters">All parameters, named and ordered as <c>named_parameters()</c> would.</param>
/// <param name="Repeats">Blocks applied more than once, an unknown number of times.</param>
/// <param name="Status">How much is known.</param>
/// <param name="Reasons">What stayed unknown, and why.</param>
public sealed record ModelGraph(
    string TypeName,
    Origin Origin,
    IReadOnlyList<GraphNode> Nodes,
    IReadOnlyList<NodeOutput> Outputs,
    IReadOnlyList<ModelParameter> Parameters,
    IReadOnlyList<RepeatedBlock> Repeats,
    GraphStatus Status,
    IReadOnlyList<UnknownReason> Reasons);

/// <summary>One application of a layer or operation to tensors.</summary>
/// <param name="Id">The index of this node in <see cref="ModelGraph.Nodes"/>.</param>
/// <param name="Kind">What is applied.</param>
/// <param name="Path">
/// The module path as <c>named_modules()</c> gives it (<c>net.fc0</c>), or null for functional forms and operators.
/// A layer applied twice is two nodes with one path.
/// </param>
/// <param name="Arguments">Hyperparameters under the names of TorchSharp's own parameters.</param>
/// <param name="Inputs">The tensors it is applied to.</param>
/// <param name="Parameters">
/// Indices into <see cref="ModelGraph.Parameters"/> of the parameters this application uses.
/// </param>
/// <param name="Construction">Where the layer is constructed; for a functional form, where it is called.</param>
/// <param name="Use">Where it is applied.</param>
public sealed record GraphNode(
    int Id,
    LayerKind Kind,
    string? Path,
    LayerArguments Arguments,
    IReadOnlyList<NodeOutput> Inputs,
    IReadOnlyList<int> Parameters,
    Origin Construction,
    Origin Use);

/// <summary>One result of a node; layers with a tuple result (LSTM: output, h_n, c_n) have several.</summary>
public readonly record struct NodeOutput(int Node, int Index = 0);

/// <summary>A parameter of the model.</summary>
/// <param name="Path">As <c>named_parameters()</c> gives it: <c>net.fc0.weight</c>.</param>
/// <param name="Shape">Sizes per dimension; null where a size is unknown.</param>
/// <param name="Initialization">The distribution its values are drawn from when the model has been constructed.</param>
/// <param name="RequiresGrad">False when the code freezes it.</param>
/// <param name="Origin">Where the layer that owns it is constructed.</param>
public sealed record ModelParameter(
    string Path,
    IReadOnlyList<long?> Shape,
    Initialization Initialization,
    bool RequiresGrad,
    Origin Origin);

/// <summary>Nodes <c>First..Last</c> are applied <see cref="Count"/> times in a row, each time with layers of their own.</summary>
/// <param name="First">Id of the first node of the block.</param>
/// <param name="Last">Id of the last node of the block.</param>
/// <param name="Count">How many times; null when the code does not say.</param>
/// <param name="Origin">The loop.</param>
public sealed record RepeatedBlock(int First, int Last, long? Count, Origin Origin);

/// <summary>Something that could not be read from the code.</summary>
/// <param name="Text">A sentence for a person: what is unknown and why.</param>
/// <param name="Origin">Where.</param>
public sealed record UnknownReason(string Text, Origin Origin);

/// <summary>A place in source code.</summary>
/// <param name="File">Path of the file as the compiler knows it.</param>
/// <param name="Line">Line number, from 1.</param>
/// <param name="Token">What the extractor needs to find the place again (the analyzers put a Roslyn location here).</param>
public sealed record Origin(string File, int Line, object? Token = null)
{
    public static Origin None { get; } = new("", 0);

    public override string ToString() => File.Length == 0 ? "(unknown place)" : $"{File}:{Line}";
}
