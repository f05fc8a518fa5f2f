namespace GradLint.Core.Propagation.Counterfactuals;

/// <summary>A change of a model that is predicted to bring the gradient of every matrix into the band.</summary>
/// <param name="Recipe">What is done.</param>
/// <param name="Edit">What that means for the model.</param>
/// <param name="GradientRatio">Predicted gradient ratio of the parameter that was out of the band.</param>
/// <param name="HeadCorrelation">Predicted correlation of two samples at the output layer; null when there is none.</param>
public sealed record PredictedRemedy(RemedyRecipe Recipe, ModelEdit Edit, double GradientRatio, double? HeadCorrelation)
{
    /// <summary>For example <c>ReLU + He initialization</c>.</summary>
    public override string ToString() => Edit.ToString();
}
