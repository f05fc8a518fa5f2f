using System;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class Dropout : ParameterLessModule<Tensor, Tensor>
    {
        internal Dropout(double p, bool inplace) : base(nameof(Dropout)) => (this.p, this.inplace) = (p, inplace);

        public double p { get; set; }

        public bool inplace { get; set; }

        public override Tensor forward(Tensor tensor) => nn.functional.dropout(tensor, p, training, inplace);
    }

    public sealed class Dropout1d : ParameterLessModule<Tensor, Tensor>
    {
        internal Dropout1d(double p, bool inplace) : base(nameof(Dropout1d)) => (this.p, this.inplace) = (p, inplace);

        public double p { get; set; }

        public bool inplace { get; set; }

        public override Tensor forward(Tensor tensor)
        {
            if (tensor.Dimensions != 3) throw new ArgumentException("tensor passed to Dropout1d must be of the shape (N,C,L)");
            return nn.functional.dropout1d(tensor, p, training, inplace);
        }
    }

    public sealed class Dropout2d : ParameterLessModule<Tensor, Tensor>
    {
        internal Dropout2d(double p, bool inplace) : base(nameof(Dropout2d)) => (this.p, this.inplace) = (p, inplace);

        public double p { get; set; }

        public bool inplace { get; set; }

        public override Tensor forward(Tensor input) => nn.functional.dropout2d(input, p, training, inplace);
    }

    public sealed class Dropout3d : ParameterLessModule<Tensor, Tensor>
    {
        internal Dropout3d(double p, bool inplace) : base(nameof(Dropout3d)) => (this.p, this.inplace) = (p, inplace);

        public double p { get; set; }

        public bool inplace { get; set; }

        public override Tensor forward(Tensor input) => nn.functional.dropout3d(input, p, training, inplace);
    }

    public sealed class AlphaDropout : ParameterLessModule<Tensor, Tensor>
    {
        internal AlphaDropout(double p, bool inplace) : base(nameof(Dropout1d)) => (this.p, this.inplace) = (p, inplace);

        public double p { get; set; }

        public bool inplace { get; set; }

        public override Tensor forward(Tensor tensor) => nn.functional.alpha_dropout(tensor, p, training, inplace);
    }

    public sealed class FeatureAlphaDropout : ParameterLessModule<Tensor, Tensor>
    {
        internal FeatureAlphaDropout(double p, bool inplace) : base(nameof(FeatureAlphaDropout)) => (this.p, this.inplace) = (p, inplace);

        public double p { get; set; }

        public bool inplace { get; set; }

        public override Tensor forward(Tensor input) => nn.functional.feature_alpha_dropout(input, p, training, inplace);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);

            public static Dropout1d Dropout1d(double p = 0.5, bool inplace = false) => new(p, inplace);

            public static Dropout2d Dropout2d(double p = 0.5, bool inplace = false) => new(p, inplace);

            public static Dropout3d Dropout3d(double p = 0.5, bool inplace = false) => new(p, inplace);

            public static AlphaDropout AlphaDropout(double p = 0.5, bool inplace = false) => new(p, inplace);

            public static FeatureAlphaDropout FeatureAlphaDropout(double p = 0.5) => new(p, false);

            public static FeatureAlphaDropout FeatureAlphaDropout(double p, bool inplace) => new(p, inplace);

            public static partial class functional
            {
                public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                    inplace ? InPlace("aten::dropout_", input, p, training) : Aten.Call("aten::dropout", input, p, training);

                public static Tensor dropout1d(Tensor input, double p = 0.5, bool training = true, bool inplace = false)
                {
                    using var widened = input.unsqueeze(-1);
                    using var dropped = dropout2d(widened, p, training, inplace);
                    return dropped.squeeze(-1);
                }

                public static Tensor dropout2d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                    DropChannels(input, 4, p, training, inplace);

                public static Tensor dropout3d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                    DropChannels(input, 5, p, training, inplace);

                public static Tensor alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false) =>
                    inplace ? InPlace("aten::alpha_dropout_", input, p, training) : Aten.Call("aten::alpha_dropout", input, p, training);

                public static Tensor feature_alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false) =>
                    inplace ? InPlace("aten::feature_alpha_dropout_", input, p, training) : Aten.Call("aten::feature_alpha_dropout", input, p, training);

                /// <summary>Drops whole channels; an input without a batch dimension counts as a batch of one.</summary>
                private static Tensor DropChannels(Tensor input, int batched, double p, bool training, bool inplace)
                {
                    if (input.Dimensions == batched)
                        return inplace ? InPlace("aten::feature_dropout_", input, p, training) : Aten.Call("aten::feature_dropout", input, p, training);
                    using var batch = input.unsqueeze(0);
                    using var dropped = inplace ? InPlace("aten::feature_dropout_", batch, p, training) : Aten.Call("aten::feature_dropout", batch, p, training);
                    return dropped.squeeze(0);
                }
            }
        }
    }
}
