using System;
using System.Globalization;
using System.Linq;

namespace TorchSharp;

/// <summary>How a tensor is written: shape, type and device alone; those and rows; nested brackets; nested braces.</summary>
public enum TensorStringStyle { Metadata, Julia, Numpy, CSharp, Default }

public static partial class torch
{
    public const TensorStringStyle julia = TensorStringStyle.Julia;
    public const TensorStringStyle numpy = TensorStringStyle.Numpy;
    public const TensorStringStyle csharp = TensorStringStyle.CSharp;

    private static TensorStringStyle stringStyle = TensorStringStyle.Julia;
    private static string floatFormat = "g5";
    private static long longestDimension = 6;

    public static TensorStringStyle TensorStringStyle
    {
        get => stringStyle;
        set => stringStyle = value != TensorStringStyle.Default ? value : throw new ArgumentException("The style cannot be set to 'Default'");
    }

    public partial class Tensor
    {
        public override string ToString() => Metadata;

        public string ToString(bool disamb, string? fltFormat = null, int? width = null, CultureInfo? cultureInfo = null, string? newLine = null) =>
            disamb ? ToString(TensorStringStyle.Default, fltFormat, width, cultureInfo, newLine) : Metadata;

        public string ToString(TensorStringStyle style, string? fltFormat = null, int? width = null, CultureInfo? cultureInfo = null, string? newLine = null)
        {
            if (style == TensorStringStyle.Default) style = stringStyle;
            if (style == TensorStringStyle.Metadata || is_meta) return Metadata;
            string text = Text(this, style == TensorStringStyle.CSharp ? "{}" : "[]", fltFormat ?? floatFormat, cultureInfo ?? CultureInfo.CurrentCulture, newLine ?? Environment.NewLine);
            if (style != TensorStringStyle.Julia) return text;
            return Dimensions == 0 ? $"{Metadata}, value = {text}" : $"{Metadata}{newLine ?? Environment.NewLine}{text}";
        }

        private string Metadata => $"[{string.Join('x', shape)}], type = {dtype}, device = {device}";

        /// <param name="marks">Opening and closing.</param>
        private static string Text(Tensor tensor, string marks, string format, CultureInfo culture, string newLine)
        {
            if (tensor.Dimensions == 0) return Element(tensor.ToScalar(), format, culture);
            long length = tensor.shape[0], shown = Math.Min(length, longestDimension);
            var parts = Enumerable.Range(0, (int)shown).Select(i => i < shown / 2 ? i : i + length - shown).Select(i =>
            {
                using var part = tensor[i];
                return Text(part, marks, format, culture, newLine);
            }).ToList();
            if (shown < length) parts.Insert((int)shown / 2, "...");
            return marks[0] + string.Join(tensor.Dimensions == 1 ? ", " : newLine + ' ', parts) + marks[1];
        }

        private static string Element(Scalar value, string format, CultureInfo culture) => value.Type switch
        {
            ScalarType.Bool => value.ToBoolean().ToString(culture),
            ScalarType.Float64 => value.ToDouble().ToString(format, culture),
            _ => value.ToInt64().ToString(culture),
        };
    }

    /// <param name="precision">Digits after the point.</param>
    public static void set_printoptions(int precision, int? linewidth = null, string? newLine = null, bool sci_mode = false, int? maxRows = null, int? maxColumns = null) =>
        set_printoptions(null, sci_mode ? $"E{precision}" : $"F{precision}", linewidth, newLine, maxRows, maxColumns);

    public static void set_printoptions(TensorStringStyle? style = null, string? floatFormat = null, int? linewidth = null, string? newLine = null, int? maxRows = null, int? maxColumns = null)
    {
        if (style is { } s) TensorStringStyle = s;
        torch.floatFormat = floatFormat ?? torch.floatFormat;
        longestDimension = maxRows ?? longestDimension;
    }
}
