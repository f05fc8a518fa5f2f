using System.Collections.Immutable;
using GradLint.Analyzers.Extraction.Values;
using GradLint.Core.Model;

namespace GradLint.Analyzers.Extraction;

/// <summary>
/// What a model has registered, walked as <c>named_modules()</c> and <c>named_parameters()</c> walk it: own parameters
/// first, then submodules in order; a parameter reached twice counts once.
/// </summary>
internal sealed class ModuleRegistry
{
    /// <summary>Modules nested deeper than any model: a path is as long as the nesting is deep.</summary>
    public const int MaximumNesting = 500;

    public const string NestedTooDeeply = "nests its modules too deeply to be followed";

    private readonly Dictionary<ModuleValue, string> _paths = [];
    private readonly Dictionary<ParameterValue, int> _indices = [];
    private readonly List<(string Path, ParameterValue Parameter)> _parameters = [];
    private readonly List<(string Path, ModuleValue Module)> _modules = [];
    private readonly HashSet<ModuleValue> _open = [];

    public ModuleRegistry(ModuleValue root) => Walk(root, "");

    /// <summary>Registered parameters with their paths, in order.</summary>
    public IReadOnlyList<(string Path, ParameterValue Parameter)> Parameters => _parameters;

    /// <summary>Registered submodules with their paths, in order; without the root. One under two names stands twice.</summary>
    public IReadOnlyList<(string Path, ModuleValue Module)> Modules => _modules;

    /// <summary>A registered element that could not be read.</summary>
    public UnknownValue? Unread { get; private set; }

    public string? PathOf(ModuleValue module) => _paths.TryGetValue(module, out var path) ? path : null;

    public IReadOnlyList<int> IndicesOf(ModuleValue? module, IReadOnlyList<ParameterValue> others)
    {
        if (module is null && others.Count == 0)
            return [];
        return ParametersOf(module).Concat(others)
            .Select(parameter => _indices.TryGetValue(parameter, out var index) ? index : -1)
            .Where(index => index >= 0)
            .ToArray();
    }

    public IReadOnlyList<ModelParameter> ToModel() => _parameters.Select(pair => new ModelParameter(
        pair.Path,
        pair.Parameter.Shape ?? ImmutableArray<long?>.Empty,
        pair.Parameter.CurrentInitialization,
        pair.Parameter.RequiresGrad.Value is not ConstantValue { Raw: false },
        pair.Parameter.Construction)).ToArray();

    private static IEnumerable<ParameterValue> ParametersOf(ModuleValue? module) =>
        module is null ? [] : Entries(module.Parameters).Select(entry => entry.Value).OfType<ParameterValue>();

    private void Walk(ModuleValue module, string prefix)
    {
        if (!_open.Add(module))
            return;
        if (_open.Count > MaximumNesting)
            throw new BudgetExceededException(NestedTooDeeply);

        foreach (var (name, value) in Entries(module.Parameters))
        {
            if (value is not ParameterValue parameter)
                NoteUnread(value);
            else if (!_indices.ContainsKey(parameter))
                Add(prefix + name, parameter);
        }

        foreach (var (name, value) in Submodules(module))
        {
            if (value is not ModuleValue child)
            {
                NoteUnread(value);
                continue;
            }

            var path = prefix + name;
            if (!_paths.ContainsKey(child))
                _paths.Add(child, path);
            _modules.Add((path, child));
            Walk(child, path + ".");
        }
        _open.Remove(module);
    }

    private void Add(string path, ParameterValue parameter)
    {
        _indices.Add(parameter, _parameters.Count);
        _parameters.Add((path, parameter));
    }

    private void NoteUnread(Value value)
    {
        if (value.IsNull != true)
            Unread ??= value as UnknownValue;
    }

    /// <summary>The registered submodules of a module; of a Sequential, its elements.</summary>
    public static IReadOnlyList<(string Name, Value Value)> Submodules(ModuleValue module) =>
        Entries(module.Container == ContainerKind.Sequential ? module.Items : module.Submodules);

    public static IReadOnlyList<(string Name, Value Value)> Entries(Cell cell)
    {
        if (cell.Value is not ListContent content)
            return [("*", cell.Value)];
        if (content.Elements.IsEmpty)
            return [];

        var entries = new List<(string Name, Value Value)>(content.Elements.Count);
        foreach (var element in content.Elements)
        {
            if (element is RepeatedElements repeats)
                entries.AddRange(repeats.Group.Select(EntryOf));
            else
                entries.Add(EntryOf(element));
        }
        return entries;
    }

    private static (string Name, Value Value) EntryOf(Value element) =>
        element is TupleValue { Elements.Length: 2 } entry ? (NameOf(entry.Elements[0]), entry.Elements[1]) : ("*", element);

    /// <summary>A name that the code does not tell (an index in a loop of unknown length) is written as an asterisk.</summary>
    private static string NameOf(Value name) => (name as ConstantValue)?.Raw as string ?? "*";
}
