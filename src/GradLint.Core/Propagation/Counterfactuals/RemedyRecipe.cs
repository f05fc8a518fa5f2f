using GradLint.Core.Knowledge;
using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Counterfactuals;

/// <summary>What a remedy does, whatever the model it is done to.</summary>
/// <param name="Activation">What replaces the saturating activations; null to keep them.</param>
/// <param name="Initializes">Whether weights are drawn to fit the activation they feed.</param>
/// <param name="Normalization">Put before each activation.</param>
/// <param name="Shortcut">Put around each layer of equal width.</param>
public sealed record RemedyRecipe(
    LayerKind? Activation = null, bool Initializes = false, Normalization Normalization = Normalization.None, Shortcut Shortcut = Shortcut.None)
{
    private const char Joint = '+';
    private const string Init = "init", LayerNorm = "layer_norm", BatchNorm = "batch_norm";

    private static readonly Dictionary<Shortcut, string> Shortcuts = new()
    {
        [Shortcut.Residual] = "residual",
        [Shortcut.ScaledResidual] = "scaled_residual",
        [Shortcut.ReZero] = "rezero",
        [Shortcut.StochasticDepth] = "stochastic_depth",
        [Shortcut.Highway] = "highway",
    };

    /// <summary>Names the recipe: <c>relu+init</c>, <c>layer_norm</c>; <see cref="Parse"/> reads it.</summary>
    public string Key => string.Join($"{Joint}", new[]
    {
        Activation?.ToString().ToLowerInvariant(),
        Initializes ? Init : null,
        Normalization switch { Normalization.Layer => LayerNorm, Normalization.Batch => BatchNorm, _ => null },
        Shortcuts.TryGetValue(Shortcut, out var shortcut) ? shortcut : null,
    }.Where(part => part is not null));

    /// <summary>Whether several things are changed that could each stand alone. An activation and the initialiser that fits it are one.</summary>
    public bool IsCombined =>
        (Activation is not null || Initializes ? 1 : 0) + (Normalization != Normalization.None ? 1 : 0) + (Shortcut != Shortcut.None ? 1 : 0) > 1;

    /// <summary>Whether the ratio that it leads to is that after the first steps, not of the first: see <see cref="ModelEdit.Begun"/>.</summary>
    public bool BeginsAtZero => Shortcut == Shortcut.ReZero;

    /// <summary>Whether all it does is draw weights anew.</summary>
    public bool IsInitialization => Initializes && Activation is null && !IsCombined;

    public static RemedyRecipe Parse(string key)
    {
        var recipe = new RemedyRecipe();
        foreach (var part in key.Split(Joint))
        {
            recipe = part switch
            {
                Init => recipe with { Initializes = true },
                LayerNorm => recipe with { Normalization = Normalization.Layer },
                BatchNorm => recipe with { Normalization = Normalization.Batch },
                _ when Shortcuts.FirstOrDefault(pair => pair.Value == part) is { Value: not null } named => recipe with { Shortcut = named.Key },
                _ when Enum.TryParse<LayerKind>(part, ignoreCase: true, out var kind) && LayerTable.Has(kind, LayerTraits.Activation) => recipe with { Activation = kind },
                _ => throw new ArgumentException($"'{part}' of the remedy '{key}' is not known.", nameof(key)),
            };
        }

        return recipe;
    }
}
