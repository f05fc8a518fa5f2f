using System;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public enum Activations
        {
            ReLU = 0,
            GELU = 1,
        }

        public static MultiheadAttention MultiheadAttention(long embedded_dim, long num_heads, double dropout = 0.0, bool bias = true, bool add_bias_kv = false,
            bool add_zero_attn = false, long? kdim = null, long? vdim = null) =>
            new(embedded_dim, num_heads, dropout, bias, add_bias_kv, add_zero_attn, kdim ?? embedded_dim, vdim ?? embedded_dim);

        public static TransformerEncoderLayer TransformerEncoderLayer(long d_model = 512, long nhead = 8, long dim_feedforward = 2048, double dropout = 0.1,
            Activations activation = Activations.ReLU) =>
            new(new(d_model, nhead, dim_feedforward, dropout, activation));

        public static TransformerDecoderLayer TransformerDecoderLayer(long d_model = 512, long nhead = 8, long dim_feedforward = 2048, double dropout = 0.1,
            Activations activation = Activations.ReLU) =>
            new(new(d_model, nhead, dim_feedforward, dropout, activation));

        public static TransformerEncoder TransformerEncoder(TransformerEncoderLayer encoder_layer, long num_layers) => new(encoder_layer, num_layers);

        public static TransformerDecoder TransformerDecoder(TransformerDecoderLayer decoder_layer, long num_layers) => new(decoder_layer, num_layers);

        public static Transformer Transformer(long d_model = 512, long nhead = 8, long num_encoder_layers = 6, long num_decoder_layers = 6,
            long dim_feedforward = 2048, double dropout = 0.1, Activations activation = Activations.ReLU) =>
            new(new(d_model, nhead, dim_feedforward, dropout, activation), num_encoder_layers, num_decoder_layers);

        public static partial class functional
        {
            /// <summary>softmax(q·kᵀ/√width + mask)·v. A boolean mask says which keys take part; dropout is applied whenever p > 0.</summary>
            public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0.0,
                bool is_casual = false)
            {
                if (p < 0) throw new ArgumentException("Dropout probability must be greater than or equal to zero.");
                if (is_casual && attn_mask is not null) throw new ArgumentException("Casual attention masking cannot pass a mask.");
                using var scope = NewDisposeScope();
                var mask = is_casual ? ones([query.shape[^2], key.shape[^2]], ScalarType.Bool, query.device).tril() : attn_mask;
                var scores = query.matmul(key.transpose(-2, -1)) / Math.Sqrt(query.shape[^1]);
                if (mask?.dtype == ScalarType.Bool) scores = scores.masked_fill(mask.logical_not(), double.NegativeInfinity);
                else if (mask is not null) scores += mask;
                return dropout(softmax(scores, -1), p, training: p > 0).matmul(value).MoveToOuterDisposeScope();
            }
        }
    }
}
