using System.Collections.Concurrent;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using static TorchSharp.torch;

namespace GradLint.Runtime.Measurement;

/// <summary>What a live module is, by the one table of layers that analyzers and theory use too.</summary>
internal static class LayerKinds
{
    // Asked several times of every module in a sampled step.
    private static readonly ConcurrentDictionary<Type, LayerKind> Kinds = new();

    /// <summary>The kind of one of TorchSharp's layers; Unknown for a user's module.</summary>
    public static LayerKind KindOf(nn.Module module) => Kinds.GetOrAdd(module.GetType(), type =>
        type.Assembly == typeof(nn.Module).Assembly
            ? LayerTable.OfModule(type.Name) ?? LayerKind.Unknown
            : LayerKind.Unknown);

    public static bool Has(nn.Module module, LayerTraits traits) => LayerTable.Has(KindOf(module), traits);

    /// <summary>Whether its parts run in native code, where no hook looks.</summary>
    public static bool IsOpaque(nn.Module module) => Has(module, LayerTraits.NativeBacked | LayerTraits.Attention);

    /// <summary>Whether it carries a state through a whole sequence.</summary>
    public static bool IsRecurrent(nn.Module module) => KindOf(module) is LayerKind.RNN or LayerKind.LSTM or LayerKind.GRU;

    /// <summary>Whether its units are the rows of its weight.</summary>
    public static bool HasUnitRows(nn.Module module) =>
        KindOf(module) is LayerKind.Linear or LayerKind.Conv1d or LayerKind.Conv2d or LayerKind.Conv3d;

    /// <summary>Whether its units are on the second axis of its output, before the positions.</summary>
    public static bool HasChannelsSecond(nn.Module module) => Has(module, LayerTraits.Convolution);
}
