using System.Globalization;
using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Counterfactuals;

/// <summary>A change of one model, in terms of the nodes and parameters that it has before the change.</summary>
/// <param name="Activation">What replaces the activations at <paramref name="ReplacedActivations"/>.</param>
/// <param name="ReplacedActivations">Ids of nodes.</param>
/// <param name="Initializations">By the weight's index.</param>
/// <param name="Norms">What is put before activations.</param>
/// <param name="Blocks">What a shortcut is put around.</param>
public sealed record ModelEdit(
    LayerKind? Activation,
    IReadOnlyList<int> ReplacedActivations,
    IReadOnlyDictionary<int, FittingInitialization> Initializations,
    IReadOnlyList<InsertedNorm> Norms,
    IReadOnlyList<ShortcutBlock> Blocks)
{
    /// <summary>The edit that a recipe means for a model; null when it does not apply to it.</summary>
    public static ModelEdit? Of(RemedyRecipe recipe, ModelGraph graph, RemedyScope scope)
    {
        var swapped = graph;
        if (recipe.Activation is { } activation)
        {
            if (scope.Activations.Count == 0) return null;
            swapped = graph.WithActivation(scope.Activations, activation);
        }

        var norms = recipe.Normalization == Normalization.None ? [] : InsertedNorm.Places(graph, recipe.Normalization);
        var blocks = recipe.Shortcut == Shortcut.None ? [] : ShortcutBlock.In(graph, recipe.Shortcut);
        if (norms is null or { Count: 0 } && recipe.Normalization != Normalization.None || blocks.Count == 0 && recipe.Shortcut != Shortcut.None)
            return null;

        var initializations = recipe.Initializes ? FittingInitialization.Missing(swapped, recipe.Activation is null ? scope.Weights : scope.ActivationWeights) : Nothing;
        if (recipe is { Initializes: true, Activation: null } && initializations.Count == 0)
            return null;
        return new(recipe.Activation, recipe.Activation is null ? [] : scope.Activations, initializations, norms!, blocks);
    }

    /// <summary>The model after the change: parameters keep their indices, new ones follow; nodes are numbered anew.</summary>
    public ModelGraph Applied(ModelGraph graph) => Applied(graph, out _);

    /// <summary>
    /// The model as a prediction has to take it. In <see cref="Shortcut.ReZero"/> every gradient of a branch is α times
    /// what it is beside an undisturbed x, and exactly 0 in the first step. ∂L/∂α is that step's gradient along f(x), of one size
    /// for all blocks, and an optimizer with steps of its own size, such as Adam, moves all α by its rate: after
    /// <see cref="FirstSteps"/> steps at 1e-3 they are 0.01 each.
    /// </summary>
    public ModelGraph Begun(ModelGraph graph)
    {
        var edited = Applied(graph, out var scalars);
        return scalars.Count == 0 ? edited : edited.WithInitialization(scalars.ToArray(), BegunScalar);
    }

    /// <summary>Steps after which a remedy that begins at zero is judged.</summary>
    public const int FirstSteps = 10;

    private const double Rate = 1e-3;

    private static readonly Initialization BegunScalar = Initialization.DefaultConstant(FirstSteps * Rate);

    private ModelGraph Applied(ModelGraph graph, out IReadOnlyList<int> scalars)
    {
        var edited = Activation is { } activation ? graph.WithActivation(ReplacedActivations, activation) : graph;
        foreach (var pair in Initializations)
            edited = edited.WithInitialization([pair.Key], pair.Value.Initialization);
        scalars = [];
        return Norms.Count + Blocks.Count == 0 ? edited : GraphInsertion.Apply(edited, Norms, Blocks, out scalars);
    }

    /// <summary>For example <c>ReLU + He initialization + LayerNorm</c>.</summary>
    public override string ToString() => string.Join(" + ", Parts());

    /// <summary>The same as an instruction: <c>Use ReLU with He initialization in 12 places</c>.</summary>
    public string ToInstruction()
    {
        var clauses = new List<string>();
        if (Activation is { } activation)
            clauses.Add($"Use {activation}{(Initializers is { } fitting ? $" with {fitting} initialization" : "")} in {Count(ReplacedActivations.Count, "place")}");
        else if (Initializers is { } names)
            clauses.Add($"Use {names} initialization in {Count(Initializations.Count, "layer")}");
        if (Norms.Count > 0)
            clauses.Add($"insert {NormNames} before {Count(Norms.Count, "activation")}");
        if (Blocks.Count > 0)
            clauses.Add($"wrap {Count(Blocks.Count, "block")} in {ShortcutName}");
        var text = string.Join(", ", clauses);
        return char.ToUpperInvariant(text[0]) + text.Substring(1);
    }

    private static readonly IReadOnlyDictionary<int, FittingInitialization> Nothing = new Dictionary<int, FittingInitialization>();

    private IEnumerable<string> Parts()
    {
        if (Activation is { } activation) yield return $"{activation}";
        if (Initializers is { } fitting) yield return $"{fitting} initialization";
        if (Norms.Count > 0) yield return NormNames;
        if (Blocks.Count > 0) yield return ShortcutName;
    }

    private string? Initializers =>
        Initializations.Count == 0 ? null : string.Join("/", Initializations.Values.Select(fitting => fitting.Name).Distinct().OrderBy(name => name, StringComparer.Ordinal));

    private string NormNames => string.Join("/", Norms.Select(norm => $"{norm.Kind}").Distinct());

    private string ShortcutName => Blocks[0].Shortcut switch
    {
        Shortcut.ReZero => "ReZero connections",
        Shortcut.StochasticDepth => "residual connections with stochastic depth",
        Shortcut.Highway => "highway connections",
        _ when Blocks[0].Scale == 1 => "residual connections",
        _ => $"residual connections scaled by {Blocks[0].Scale.ToString(CultureInfo.InvariantCulture)}",
    };

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";
}
