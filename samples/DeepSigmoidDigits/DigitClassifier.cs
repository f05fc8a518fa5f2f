using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Samples;

/// <summary>The textbook's deep network: twelve sigmoid layers of 64 units under a linear head. Its early layers never learn.</summary>
internal sealed class DigitClassifier : Module<Tensor, Tensor>
{
    private readonly Sequential layers;

    public DigitClassifier() : base(nameof(DigitClassifier))
    {
        layers = Sequential(
            ("hidden1", Linear(64, 64)), ("act1", Sigmoid()),
            ("hidden2", Linear(64, 64)), ("act2", Sigmoid()),
            ("hidden3", Linear(64, 64)), ("act3", Sigmoid()),
            ("hidden4", Linear(64, 64)), ("act4", Sigmoid()),
            ("hidden5", Linear(64, 64)), ("act5", Sigmoid()),
            ("hidden6", Linear(64, 64)), ("act6", Sigmoid()),
            ("hidden7", Linear(64, 64)), ("act7", Sigmoid()),
            ("hidden8", Linear(64, 64)), ("act8", Sigmoid()),
            ("hidden9", Linear(64, 64)), ("act9", Sigmoid()),
            ("hidden10", Linear(64, 64)), ("act10", Sigmoid()),
            ("hidden11", Linear(64, 64)), ("act11", Sigmoid()),
            ("hidden12", Linear(64, 64)), ("act12", Sigmoid()),
            ("head", Linear(64, 10)));
        RegisterComponents();
    }

    /// <summary>[batch, 64] pixels to [batch, 10] logits.</summary>
    public override Tensor forward(Tensor input) => layers.call(input);
}
