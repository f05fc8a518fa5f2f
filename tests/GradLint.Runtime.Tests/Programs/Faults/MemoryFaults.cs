using GradLint.Core.Rules;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GradLint.Runtime.Tests.Programs.Faults;

/// <summary>Recurrent layers that forget what matters.</summary>
internal static class MemoryFaults
{
    public static IEnumerable<TrainingProgram> Horizons()
    {
        string[] rules = [RuntimeRuleIds.ShortMemoryHorizon];
        foreach (var length in new[] { 60, 100 })
        {
            yield return new($"RNN, T = {length}, only the first step matters", "memory horizon", rules, ["recurrent"], (_, training) =>
                training.Adam(new FaultModels.LastStep(RNN(2, 32, batchFirst: true), 32, 2), 1e-3, Data.FirstStep(length), Data.CrossEntropy));
        }

        yield return new("GRU, T = 100, only the first step matters", "memory horizon", rules, ["recurrent"], (_, training) =>
            training.Adam(new FaultModels.LastStep(GRU(2, 32, batchFirst: true), 32, 2), 1e-3, Data.FirstStep(100), Data.CrossEntropy));
        yield return new("LSTM, T = 100, only the first step matters", "memory horizon", rules, ["lstm"], (_, training) =>
            training.Sgd(new Models.Recurrent(2, 32, 2, layers: 1), 0.01, Data.FirstStep(100), Data.CrossEntropy));
    }
}
