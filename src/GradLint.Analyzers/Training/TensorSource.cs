using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Training;

/// <summary>The operation that made a tensor's values: what came after it has but arranged them otherwise.</summary>
/// <param name="Kind">The operation.</param>
/// <param name="Dimension">The dimension that it works along, where it has one and the code tells it.</param>
/// <param name="Construction">Where its layer is constructed; for a function, where it is called.</param>
/// <param name="Use">Where it is applied.</param>
internal sealed record TensorSource(LayerKind Kind, long? Dimension, Location Construction, Location Use)
{
    /// <summary>The operation as its form is called: <c>Softmax</c> for a layer, <c>softmax</c> for a function.</summary>
    public string Name
    {
        get
        {
            var names = LayerTable.Describe(Kind);
            return (Construction == Use ? names.Functions : names.Modules).FirstOrDefault() ?? $"{Kind}";
        }
    }
}
