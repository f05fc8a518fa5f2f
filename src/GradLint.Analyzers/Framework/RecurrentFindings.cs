using System.Collections.Immutable;
using System.Globalization;
using GradLint.Core.Model;
using GradLint.Core.Propagation.Counterfactuals;

namespace GradLint.Analyzers.Framework;

/// <summary>What the rules on recurrent layers tell their fixes, and how these read it.</summary>
public static class RecurrentFindings
{
    private const string Spread = "log";

    public static ImmutableDictionary<string, string?> Properties(double horizon, int? length, IEnumerable<RecurrentRemedy> remedies) =>
        ImmutableDictionary<string, string?>.Empty
            .Add(FixProperties.Horizon, Steps(horizon))
            .Add(FixProperties.SequenceLength, length?.ToString(CultureInfo.InvariantCulture) ?? "")
            .Add(FixProperties.RecurrentRemedies, string.Join($"{FixProperties.Separator}", remedies.Select(remedy =>
                $"{remedy.Layer}|{(remedy.Bias is null ? "" : remedy.Bias.Constant?.ToString(CultureInfo.InvariantCulture) ?? Spread)}|{Steps(remedy.Horizon)}")));

    /// <summary>The remedies, best first.</summary>
    public static IReadOnlyList<RecurrentRemedy> Remedies(ImmutableDictionary<string, string?> properties) =>
        properties.TryGetValue(FixProperties.RecurrentRemedies, out var text) && !string.IsNullOrEmpty(text)
            ? text!.Split(FixProperties.Separator).Select(remedy => remedy.Split('|')).Select(parts => new RecurrentRemedy(
                (LayerKind)Enum.Parse(typeof(LayerKind), parts[0]),
                parts[1] switch
                {
                    "" => null,
                    Spread => ForgetBias.Over(Length(properties)!.Value),
                    var value => ForgetBias.Of(double.Parse(value, CultureInfo.InvariantCulture)),
                },
                double.Parse(parts[2], CultureInfo.InvariantCulture))).ToArray()
            : [];

    /// <summary><c>memory horizon 12 → 39 steps</c>, or <c>→ all of 50 steps</c>.</summary>
    public static string Promise(ImmutableDictionary<string, string?> properties, RecurrentRemedy remedy)
    {
        var after = Length(properties) is { } length && remedy.Horizon >= length ? $"all of {length}" : Steps(remedy.Horizon);
        return $"memory horizon {properties[FixProperties.Horizon]} → {after} steps";
    }

    /// <summary>Steps of the sequence; null when unknown.</summary>
    public static int? Length(ImmutableDictionary<string, string?> properties) =>
        properties.TryGetValue(FixProperties.SequenceLength, out var text) && text is { Length: > 0 } ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>Beyond a thousand the simulation says no more than that.</summary>
    private static string Steps(double horizon) => Math.Min(horizon, 1000).ToString("0", CultureInfo.InvariantCulture);
}
