using System.Collections.Immutable;
using System.Globalization;
using GradLint.Core.Propagation;
using GradLint.Core.Propagation.Counterfactuals;

namespace GradLint.Analyzers.Framework;

/// <summary>The ranking of remedies as a diagnostic carries it to its fix.</summary>
public static class RemedyProperties
{
    /// <param name="outside">The parameter that the finding is about.</param>
    /// <param name="remedies">Best first.</param>
    /// <param name="weights">Indices of the weights that the remedies may draw anew; null for all that feed an activation.</param>
    public static ImmutableDictionary<string, string?> Of(ParameterPrediction outside, IReadOnlyList<PredictedRemedy> remedies, IReadOnlyList<int>? weights = null) =>
        Of(outside.Index, remedies, weights, remedy => $"predicted gradient ratio {outside.RatioText()} → {GradientFormat.Ratio(remedy.GradientRatio)}");

    /// <summary>For a finding about the correlation of two samples at the output layer.</summary>
    public static ImmutableDictionary<string, string?> OfCorrelation(int parameter, double correlation, IReadOnlyList<PredictedRemedy> remedies) =>
        Of(parameter, remedies, null, remedy => string.Format(
            CultureInfo.InvariantCulture, "predicted correlation of two inputs {0:0.####} → {1:0.##}", correlation, remedy.HeadCorrelation));

    /// <summary>The same remedies, those that only draw weights anew ahead: of a finding about initialisers they are what is meant.</summary>
    public static IReadOnlyList<PredictedRemedy> InitializationFirst(this IEnumerable<PredictedRemedy> remedies) =>
        remedies.OrderByDescending(remedy => remedy.Recipe.IsInitialization).ToArray();

    private static ImmutableDictionary<string, string?> Of(
        int parameter, IReadOnlyList<PredictedRemedy> remedies, IReadOnlyList<int>? weights, Func<PredictedRemedy, string> promise)
    {
        var properties = ImmutableDictionary<string, string?>.Empty
            .Add(FixProperties.Remedies, string.Join($"{FixProperties.Separator}", remedies.Select(remedy => $"{remedy.Recipe.Key}|{promise(remedy)}{remedy.When}")))
            .Add(FixProperties.Parameter, parameter.ToString(CultureInfo.InvariantCulture));
        return weights is null ? properties : properties.Add(FixProperties.Weights, string.Join($"{FixProperties.Separator}", weights));
    }
}
