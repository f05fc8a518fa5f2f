namespace GradLint.Core.Model;

/// <summary>
/// Hyperparameters of a layer under the names of TorchSharp's own parameters (<c>inputSize</c>, <c>kernel_size</c>).
/// A name that is absent, or whose value the code does not tell, reads as null; <see cref="IsUnknown"/> tells them apart.
/// </summary>
public sealed class LayerArguments
{
    private readonly IReadOnlyDictionary<string, object?> _values;

    /// <param name="values">
    /// <see cref="long"/>, <see cref="double"/>, <see cref="bool"/>, <see cref="string"/> (also for enum members, by name),
    /// <see cref="IReadOnlyList{T}"/> of nullable <see cref="long"/> for sizes and tuples, null, or <see cref="Unknown"/>.
    /// </param>
    public LayerArguments(IReadOnlyDictionary<string, object?> values) => _values = values;

    public static LayerArguments Empty { get; } = new(new Dictionary<string, object?>());

    /// <summary>The value of an argument that is given but cannot be read from the code.</summary>
    public static object Unknown { get; } = new UnknownValue();

    public IEnumerable<string> Names => _values.Keys;

    /// <summary>Whether the argument is given with a value that the code does not tell.</summary>
    public bool IsUnknown(string name) => _values.TryGetValue(name, out var value) && ReferenceEquals(value, Unknown);

    public bool Contains(string name) => _values.ContainsKey(name);

    public object? this[string name] => _values.TryGetValue(name, out var value) ? value : null;

    public long? Integer(string name) => this[name] as long?;

    public double? Number(string name) => this[name] switch
    {
        double number => number,
        long integer => integer,
        _ => null,
    };

    public bool? Flag(string name) => this[name] as bool?;

    public string? Text(string name) => this[name] as string;

    /// <summary>A tuple or array of sizes; a single number stands for itself in every one of <paramref name="dimensions"/>.</summary>
    public IReadOnlyList<long?>? Sizes(string name, int dimensions) => this[name] switch
    {
        long size => Enumerable.Repeat<long?>(size, dimensions).ToArray(),
        IReadOnlyList<long?> sizes => sizes,
        _ => null,
    };

    private sealed class UnknownValue
    {
        public override string ToString() => "?";
    }
}
