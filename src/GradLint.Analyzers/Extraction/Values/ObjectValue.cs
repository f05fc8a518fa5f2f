using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Extraction.Values;

/// <summary>An object of a type whose source can be read.</summary>
internal class ObjectValue(INamedTypeSymbol type) : Value
{
    private Dictionary<ISymbol, Cell>? _fields;

    public INamedTypeSymbol Type { get; } = type;

    /// <summary>The cell of a field, or of a captured parameter of a primary constructor.</summary>
    public Cell Field(ISymbol field)
    {
        var key = field.OriginalDefinition;
        _fields ??= new(SymbolEqualityComparer.Default);
        if (!_fields.TryGetValue(key, out var cell))
            _fields.Add(key, cell = new(DefaultValue.Of((field as IFieldSymbol)?.Type)));
        return cell;
    }

    public Cell? FindField(ISymbol field) => _fields is not null && _fields.TryGetValue(field.OriginalDefinition, out var cell) ? cell : null;

    /// <summary>All fields, and captured parameters, that have been touched.</summary>
    public IEnumerable<KeyValuePair<ISymbol, Cell>> Fields => _fields ?? [];

    /// <summary>Cells of all fields that have been touched.</summary>
    public IEnumerable<Cell> TouchedFields => Fields.Select(pair => pair.Value);
}
