using System;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>A table of N(0, 1) rows, looked up by index; the padding row is 0 and stays so.</summary>
    public sealed class Embedding : Module<Tensor, Tensor>
    {
        private readonly EmbeddingTable table;
        private readonly long padding;
        private readonly bool scalesByFrequency;
        private readonly bool isSparse;

        internal Embedding(Tensor rows, bool requiresGrad, long? padding_idx, double? max_norm, double norm_type, bool scale_grad_by_freq,
            bool sparse) : base("torch::nn::EmbeddingImpl")
        {
            table = new(native = new(register_parameter), rows, requiresGrad, max_norm, norm_type);
            padding = padding_idx is null or >= 0 ? padding_idx ?? -1 : table.Count + padding_idx.Value;
            (scalesByFrequency, isSparse) = (scale_grad_by_freq, sparse);
        }

        public Parameter? weight
        {
            get => native!.Share(nameof(weight));
            set => Replace(native!, nameof(weight), value);
        }

        public override Tensor forward(Tensor input) =>
            Aten.Call("aten::embedding", table.For(input), input, padding, scalesByFrequency, isSparse);
    }

    /// <summary>Sums, means or maxima over bags of rows; 1-dimensional indices come with the offsets at which bags begin.</summary>
    public sealed class EmbeddingBag : Module<Tensor, Tensor?, Tensor?, Tensor>, IModule<Tensor, Tensor, Tensor>
    {
        private readonly EmbeddingTable table;
        private readonly EmbeddingBagMode mode;
        private readonly bool scalesByFrequency;
        private readonly bool isSparse;
        private readonly bool includesLastOffset;
        private readonly long padding;

        internal EmbeddingBag(Tensor rows, bool requiresGrad, double? max_norm, double norm_type, bool scale_grad_by_freq, EmbeddingBagMode mode, bool sparse,
            bool include_last_offset, long padding_index) : base("torch::nn::EmbeddingBagImpl")
        {
            table = new(native = new(register_parameter), rows, requiresGrad, max_norm, norm_type);
            (this.mode, scalesByFrequency, isSparse, includesLastOffset, padding) = (mode, scale_grad_by_freq, sparse, include_last_offset, padding_index);
        }

        public Parameter? weight
        {
            get => native!.Share(nameof(weight));
            set => Replace(native!, nameof(weight), value);
        }

        public override Tensor forward(Tensor input, Tensor? offsets, Tensor? perSampleWeights)
        {
            using var scope = NewDisposeScope();
            var weights = perSampleWeights?.reshape(-1);
            var starts = offsets ?? arange(0, input.numel(), input.shape[1], dtype: input.dtype, device: input.device);
            Arg ignored = padding < 0 ? Arg.None : padding;
            var results = Aten.CallList("aten::embedding_bag.padding_idx", table.For(input), input.reshape(-1), starts,
                scalesByFrequency, (long)mode, isSparse, weights, includesLastOffset, ignored);
            return results[0].MoveToOuterDisposeScope();
        }

        public Tensor call(Tensor input) => call(input, null, null);

        public Tensor call(Tensor input, Tensor offsets) => call(input, offsets, null);

        public new Tensor call(Tensor input, Tensor? offsets, Tensor? perSampleWeights)
        {
            if (!input.is_integral()) throw new ArgumentException("Embedding input must be an integral tensor.");
            if (offsets is not null && input.dtype != offsets.dtype) throw new ArgumentException("input and offsets must have the same element type.");
            if (input.Dimensions == 1 && offsets is null) throw new ArgumentException("'offsets' must be non-null for a 1-D input.");
            if (input.Dimensions == 2 && offsets is not null) throw new ArgumentException("'offsets' must be null for a 2-D input.");
            return base.call(input, offsets, perSampleWeights);
        }
    }

    internal sealed class EmbeddingTable(NativeTensors tensors, Tensor rows, bool requiresGrad, double? maxNorm, double normType)
    {
        private readonly Tensor first = tensors.Add("weight", rows, requiresGrad);

        internal long Count => first.shape[0];

        internal static Tensor Normal(long count, long size, long? padding, Device? device, ScalarType? dtype)
        {
            var rows = randn([count, size], dtype, device);
            if (padding is not { } row) return rows;
            using var padded = rows.select(0, row);
            init.zeros_(padded);
            return rows;
        }

        /// <summary>The table, the rows about to be read being cut to the largest norm.</summary>
        internal Tensor For(Tensor indices)
        {
            var weight = tensors["weight"];
            if (maxNorm is not { } limit) return weight;
            using var _ = no_grad();
            using var flat = indices.reshape(-1).contiguous();
            return Aten.InPlace("aten::embedding_renorm_", weight, flat, limit, normType);
        }
    }
}

namespace TorchSharp
{
    public enum EmbeddingBagMode
    {
        Sum = 0,
        Mean = 1,
        Max = 2,
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Embedding Embedding(long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null, double norm_type = 2.0,
                bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null) =>
                new(EmbeddingTable.Normal(num_embeddings, embedding_dims, padding_idx, device, dtype), true, padding_idx, max_norm, norm_type, scale_grad_by_freq,
                    sparse);

            public static Embedding Embedding_from_pretrained(Tensor embeddings, bool freeze = true, long? padding_idx = null, double? max_norm = null,
                double norm_type = 2.0, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null) =>
                new(Pretrained(embeddings, device, dtype), !freeze, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse);

            public static EmbeddingBag EmbeddingBag(long num_embeddings, long embedding_dims, double? max_norm = null, double norm_type = 2.0,
                bool scale_grad_by_freq = false, EmbeddingBagMode mode = EmbeddingBagMode.Mean, bool sparse = false, bool include_last_offset = false,
                long padding_index = -1, Device? device = null, ScalarType? dtype = null) =>
                new(EmbeddingTable.Normal(num_embeddings, embedding_dims, padding_index < 0 ? null : padding_index, device, dtype), true, max_norm, norm_type,
                    scale_grad_by_freq, mode, sparse, include_last_offset, padding_index);

            public static EmbeddingBag EmbeddingBag_from_pretrained(Tensor embeddings, bool freeze = true, double? max_norm = null, double norm_type = 2.0,
                bool scale_grad_by_freq = false, EmbeddingBagMode mode = EmbeddingBagMode.Mean, bool sparse = false, bool include_last_offset = false,
                long padding_index = -1, Device? device = null, ScalarType? dtype = null) =>
                new(Pretrained(embeddings, device, dtype), !freeze, max_norm, norm_type, scale_grad_by_freq, mode, sparse, include_last_offset, padding_index);

            private static Tensor Pretrained(Tensor embeddings, Device? device, ScalarType? dtype)
            {
                using var values = embeddings.detach();
                return values.to(dtype ?? get_default_dtype(), device ?? get_default_device()).clone();
            }
        }
    }
}
