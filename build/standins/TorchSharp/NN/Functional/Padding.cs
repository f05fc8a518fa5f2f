using System;
using System.Linq;

namespace TorchSharp
{
    public enum PaddingModes
    {
        Zeros = 0,
        Reflect = 1,
        Replicate = 2,
        Circular = 3,
        Constant = 4,
    }

    public enum Padding
    {
        Valid = 0,
        Same = 1,
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static partial class functional
            {
                /// <summary>Pads all dimensions alike, the batch too.</summary>
                public static Tensor pad(Tensor input, long pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                    nn.functional.pad(input, Enumerable.Repeat(pad, 2 * (int)input.Dimensions).ToArray(), mode, value);

                public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                    nn.functional.pad(input, [pad.Item1, pad.Item2], mode, value);

                public static Tensor pad(Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                    nn.functional.pad(input, [pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);

                public static Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                    nn.functional.pad(input, pad.ToArray(), mode, value);

                /// <param name="pad">Before and after the last dimension, then before and after the one in front of it, and so on.</param>
                public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => mode switch
                {
                    PaddingModes.Reflect => Aten.Call("aten::pad", input, pad, "reflect"),
                    PaddingModes.Replicate => Aten.Call("aten::pad", input, pad, "replicate"),
                    PaddingModes.Circular => Aten.Call("aten::pad", input, pad, "circular"),
                    _ => Aten.Call("aten::pad", input, pad, "constant", value),
                };
            }
        }
    }
}
