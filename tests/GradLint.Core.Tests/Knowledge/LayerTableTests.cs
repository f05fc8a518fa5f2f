using GradLint.Core.Knowledge;
using GradLint.Core.Model;

namespace GradLint.Core.Tests.Knowledge;

public class LayerTableTests
{
    [Fact]
    public void EveryKindHasExactlyOneRow() =>
        Assert.Equal(Enum.GetValues<LayerKind>().Order(), LayerTable.All.Select(row => row.Kind).Order());

    [Fact]
    public void ModuleNamesAreTypesAndFactories()
    {
        var api = TorchSharpApi.Members();
        var missing = LayerTable.All.SelectMany(row => row.Modules)
            .SelectMany(name => new[] { $"T:{TorchSharpNames.ModulesNamespace}.{name}", $"M:TorchSharp.torch.nn.{name}" })
            .Where(id => !api.Contains(id));
        Assert.Empty(missing);
    }

    [Fact]
    public void FunctionNamesAreInTorchNnFunctional()
    {
        var api = TorchSharpApi.Members();
        Assert.All(
            LayerTable.All.SelectMany(row => row.Functions),
            name => Assert.Contains($"M:TorchSharp.torch.nn.functional.{name}", api));
    }

    [Fact]
    public void OperationNamesAreOnTensorOrTorch()
    {
        var api = TorchSharpApi.Members();
        Assert.All(
            LayerTable.All.SelectMany(row => row.Operations),
            name => Assert.True(api.Contains($"M:TorchSharp.torch.Tensor.{name}") || api.Contains($"M:TorchSharp.torch.{name}"), name));
    }

    [Theory]
    [InlineData("relu_", LayerKind.ReLU)]
    [InlineData("sigmoid", LayerKind.Sigmoid)]
    [InlineData("add_", LayerKind.Add)]
    public void InPlaceFormsMeanTheSameAsTheirOriginals(string operation, LayerKind kind) =>
        Assert.Equal(kind, LayerTable.OfOperation(operation));

    [Fact]
    public void SaturatingLayersAreActivations() =>
        Assert.All(
            LayerTable.All.Where(row => row.Has(LayerTraits.Saturating)),
            row => Assert.True(row.Has(LayerTraits.Activation), row.Kind.ToString()));

    [Fact]
    public void NamesThatAreNoLayersAreNotFound()
    {
        Assert.Null(LayerTable.OfModule("CrossEntropyLoss"));
        Assert.Null(LayerTable.OfFunction("cross_entropy"));
        Assert.Null(LayerTable.OfOperation("backward"));
        Assert.Null(LayerTable.OfOperation("_"));
    }
}
