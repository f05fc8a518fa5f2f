using GradLint.Core.Model;

namespace GradLint.Core.Propagation.Recurrence;

/// <summary>
/// One time step of a recurrent layer, forward and backward, elementwise: the matrices are applied outside. Gate vectors hold
/// one block of units a gate, in TorchSharp's order (LSTM: input, forget, cell, output; GRU: reset, update, new).
/// </summary>
internal abstract class RecurrentCell(int gates)
{
    public int Gates { get; } = gates;

    public static RecurrentCell? For(GraphNode node) => node.Kind switch
    {
        LayerKind.LSTM or LayerKind.LSTMCell => new LongShortTermMemory(),
        LayerKind.GRU or LayerKind.GRUCell => new GatedUnit(),
        _ when node.Arguments.IsUnknown("nonLinearity") => null,
        _ => new PlainUnit(isReLU: node.Arguments.Text("nonLinearity") == "ReLU"),
    };

    /// <summary>h and c from the gates' two sums; <paramref name="saved"/> takes what the way back needs.</summary>
    public abstract void Forward(double[] fromInput, double[] fromHidden, double[] hidden, double[] memory, double[] newHidden, double[] newMemory, double[] saved);

    /// <summary>
    /// From ∂L/∂h and ∂L/∂c after the step: the gates' gradients on both sums, and ∂L/∂h, ∂L/∂c before the step as far as they do
    /// not go through the recurrent matrix. <paramref name="memoryGradient"/> is replaced.
    /// </summary>
    public abstract void Backward(double[] saved, double[] hiddenGradient, double[] memoryGradient, double[] toInput, double[] toHidden, double[] directGradient);

    /// <summary>Numbers to save a unit.</summary>
    public abstract int Saved { get; }

    private static double Sigmoid(double z) => ActivationFunction.Logistic(z);

    private sealed class PlainUnit(bool isReLU) : RecurrentCell(1)
    {
        public override int Saved => 1;

        public override void Forward(double[] fromInput, double[] fromHidden, double[] hidden, double[] memory, double[] newHidden, double[] newMemory, double[] saved)
        {
            for (var i = 0; i < newHidden.Length; i++)
            {
                var z = fromInput[i] + fromHidden[i];
                newHidden[i] = isReLU ? Math.Max(z, 0) : Math.Tanh(z);
                saved[i] = isReLU ? (z > 0 ? 1 : 0) : 1 - (newHidden[i] * newHidden[i]);
            }
        }

        public override void Backward(double[] saved, double[] hiddenGradient, double[] memoryGradient, double[] toInput, double[] toHidden, double[] directGradient)
        {
            for (var i = 0; i < hiddenGradient.Length; i++)
            {
                toInput[i] = toHidden[i] = hiddenGradient[i] * saved[i];
                directGradient[i] = 0;
            }
        }
    }

    private sealed class LongShortTermMemory() : RecurrentCell(4)
    {
        public override int Saved => 6;

        public override void Forward(double[] fromInput, double[] fromHidden, double[] hidden, double[] memory, double[] newHidden, double[] newMemory, double[] saved)
        {
            var n = newHidden.Length;
            for (var i = 0; i < n; i++)
            {
                var input = Sigmoid(fromInput[i] + fromHidden[i]);
                var forget = Sigmoid(fromInput[n + i] + fromHidden[n + i]);
                var cell = Math.Tanh(fromInput[(2 * n) + i] + fromHidden[(2 * n) + i]);
                var output = Sigmoid(fromInput[(3 * n) + i] + fromHidden[(3 * n) + i]);
                newMemory[i] = (forget * memory[i]) + (input * cell);
                var squashed = Math.Tanh(newMemory[i]);
                newHidden[i] = output * squashed;
                var at = i * Saved;
                (saved[at], saved[at + 1], saved[at + 2], saved[at + 3], saved[at + 4], saved[at + 5]) = (input, forget, cell, output, squashed, memory[i]);
            }
        }

        public override void Backward(double[] saved, double[] hiddenGradient, double[] memoryGradient, double[] toInput, double[] toHidden, double[] directGradient)
        {
            var n = hiddenGradient.Length;
            for (var i = 0; i < n; i++)
            {
                var at = i * Saved;
                var (input, forget, cell, output, squashed, memory) = (saved[at], saved[at + 1], saved[at + 2], saved[at + 3], saved[at + 4], saved[at + 5]);
                var atMemory = memoryGradient[i] + (hiddenGradient[i] * output * (1 - (squashed * squashed)));
                toInput[i] = atMemory * cell * input * (1 - input);
                toInput[n + i] = atMemory * memory * forget * (1 - forget);
                toInput[(2 * n) + i] = atMemory * input * (1 - (cell * cell));
                toInput[(3 * n) + i] = hiddenGradient[i] * squashed * output * (1 - output);
                memoryGradient[i] = atMemory * forget;
                directGradient[i] = 0;
            }

            toInput.CopyTo(toHidden, 0);
        }
    }

    private sealed class GatedUnit() : RecurrentCell(3)
    {
        public override int Saved => 5;

        public override void Forward(double[] fromInput, double[] fromHidden, double[] hidden, double[] memory, double[] newHidden, double[] newMemory, double[] saved)
        {
            var n = newHidden.Length;
            for (var i = 0; i < n; i++)
            {
                var reset = Sigmoid(fromInput[i] + fromHidden[i]);
                var update = Sigmoid(fromInput[n + i] + fromHidden[n + i]);
                var recalled = fromHidden[(2 * n) + i];
                var candidate = Math.Tanh(fromInput[(2 * n) + i] + (reset * recalled));
                newHidden[i] = ((1 - update) * candidate) + (update * hidden[i]);
                var at = i * Saved;
                (saved[at], saved[at + 1], saved[at + 2], saved[at + 3], saved[at + 4]) = (reset, update, recalled, candidate, hidden[i]);
            }
        }

        public override void Backward(double[] saved, double[] hiddenGradient, double[] memoryGradient, double[] toInput, double[] toHidden, double[] directGradient)
        {
            var n = hiddenGradient.Length;
            for (var i = 0; i < n; i++)
            {
                var at = i * Saved;
                var (reset, update, recalled, candidate, hidden) = (saved[at], saved[at + 1], saved[at + 2], saved[at + 3], saved[at + 4]);
                var atCandidate = hiddenGradient[i] * (1 - update) * (1 - (candidate * candidate));
                toInput[i] = toHidden[i] = atCandidate * recalled * reset * (1 - reset);
                toInput[n + i] = toHidden[n + i] = hiddenGradient[i] * (hidden - candidate) * update * (1 - update);
                toInput[(2 * n) + i] = atCandidate;
                toHidden[(2 * n) + i] = atCandidate * reset;
                directGradient[i] = hiddenGradient[i] * update;
            }
        }
    }
}
