using GradLint.Core.Model;

namespace GradLint.Core.Knowledge;

/// <summary>One row of the <see cref="LayerTable"/>.</summary>
/// <param name="Kind">What the row describes.</param>
/// <param name="Traits">What it means.</param>
/// <param name="Modules">Its types in <c>TorchSharp.Modules</c>, which are also the names of their factories in <c>torch.nn</c>.</param>
/// <param name="Functions">Its functions in <c>torch.nn.functional</c>.</param>
/// <param name="Operations">
/// Its methods of <c>torch.Tensor</c> and functions of <c>torch</c>; in-place forms (<c>relu_</c>) are understood.
/// </param>
public sealed record LayerDescription(
    LayerKind Kind,
    LayerTraits Traits,
    IReadOnlyList<string> Modules,
    IReadOnlyList<string> Functions,
    IReadOnlyList<string> Operations)
{
    public bool Has(LayerTraits traits) => (Traits & traits) == traits;

    /// <summary>The parameters such a module owns, in registration order.</summary>
    public IReadOnlyList<LayerParameter> Parameters(LayerArguments arguments) => LayerParameters.Of(Kind, arguments);
}

/// <summary>A parameter that a layer brings with it.</summary>
/// <param name="Name">As <c>named_parameters()</c> of that module gives it: <c>weight_ih_l0</c>, <c>out_proj.bias</c>.</param>
/// <param name="Shape">Sizes per dimension; null where the arguments do not tell.</param>
/// <param name="Initialization">TorchSharp's own default.</param>
public sealed record LayerParameter(string Name, IReadOnlyList<long?> Shape, Initialization Initialization);
