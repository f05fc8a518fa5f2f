using System.Globalization;

namespace GradLint.Core.Propagation.Counterfactuals;

/// <summary>A change of a model that is predicted to bring the gradient of every matrix into the band.</summary>
/// <param name="Recipe">What is done.</param>
/// <param name="Edit">What that means for the model.</param>
/// <param name="GradientRatio">Predicted gradient ratio of the parameter that was out of the band.</param>
/// <param name="HeadCorrelation">Predicted correlation of two samples at the output layer; null when there is none.</param>
public sealed record PredictedRemedy(RemedyRecipe Recipe, ModelEdit Edit, double GradientRatio, double? HeadCorrelation)
{
    /// <summary>When the ratio is that: empty for at once, else <c> after 10 steps</c>.</summary>
    public string When => Recipe.BeginsAtZero ? string.Format(CultureInfo.InvariantCulture, " after {0} steps", ModelEdit.FirstSteps) : "";

    /// <summary>For example <c>ReLU + He initialization</c>.</summary>
    public override string ToString() => Edit + When;
}
