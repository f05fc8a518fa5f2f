namespace GradLint.Core.Model;

/// <summary>
/// What is known of a tensor that does not depend on the input, as the arguments of its <see cref="LayerKind.Constant"/> node:
/// <c>shape</c>, and <c>values</c>, an <see cref="InitializerKind"/>, with the arguments of that initialiser.
/// </summary>
public static class ConstantArguments
{
    private const string Shape = "shape", Values = "values";

    /// <param name="shape">Sizes per dimension; null when even their number is unknown.</param>
    /// <param name="initialization">How its values come about.</param>
    public static LayerArguments Of(IReadOnlyList<long?>? shape, Initialization initialization)
    {
        if (shape is null && initialization.Kind == InitializerKind.Unknown) return LayerArguments.Empty;
        var arguments = new Dictionary<string, object?>();
        if (shape is not null) arguments[Shape] = shape;
        if (initialization.Kind != InitializerKind.Unknown)
        {
            arguments[Values] = initialization.Kind.ToString();
            foreach (var name in initialization.Arguments.Names)
                arguments[name] = initialization.Arguments.IsUnknown(name) ? LayerArguments.Unknown : initialization.Arguments[name];
        }

        return new(arguments);
    }

    /// <summary>Null when unknown.</summary>
    public static IReadOnlyList<long?>? ShapeOf(LayerArguments arguments) => arguments[Shape] as IReadOnlyList<long?>;

    /// <summary>Of kind <see cref="InitializerKind.Unknown"/> when the values are.</summary>
    public static Initialization InitializationOf(LayerArguments arguments) =>
        new(Enum.TryParse<InitializerKind>(arguments.Text(Values), out var kind) ? kind : InitializerKind.Unknown, arguments, IsExplicit: true, Origin.None);
}
