using System;
using System.Collections.Generic;
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
    private static int lineWidth = 100;

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

        /// <param name="width">Characters a row of the Julia style may take.</param>
        public string ToString(TensorStringStyle style, string? fltFormat = null, int? width = null, CultureInfo? cultureInfo = null, string? newLine = null)
        {
            if (style == TensorStringStyle.Default) style = stringStyle;
            if (is_meta) style = TensorStringStyle.Metadata;
            var (format, culture, line) = (fltFormat ?? floatFormat, cultureInfo ?? CultureInfo.CurrentCulture, newLine ?? Environment.NewLine);
            using var scope = NewDisposeScope();
            return style switch
            {
                TensorStringStyle.Metadata => Metadata,
                TensorStringStyle.Julia when Dimensions == 0 => $"{Metadata}, value = {Element(this, format, culture)}",
                TensorStringStyle.Julia => Metadata + line + Tables(this, "", format, width ?? lineWidth, culture, line),
                TensorStringStyle.Numpy => Nested(this, 0, "[]", "", format, culture, line),
                _ => $"{Metadata}, value = {CSharp(format, culture, line)}",
            };
        }

        private string Metadata => $"[{string.Join('x', shape)}], type = {dtype}, device = {device}";

        private string CSharp(string format, CultureInfo culture, string line)
        {
            string keyword = dtype switch { ScalarType.Float32 => "float", ScalarType.Float64 => "double", ScalarType.Int64 => "long", ScalarType.Int32 => "int", ScalarType.Bool => "bool", var other => other.ToString().ToLowerInvariant() };
            bool single = Dimensions > 0 && dtype is (ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16);
            string text = Nested(this, 0, "{}", single ? "f" : "", format, culture, line);
            return Dimensions switch
            {
                0 => text,
                1 => $"{keyword} [] {text}",
                _ => $"{line}{keyword} [{new string(',', (int)Dimensions - 1)}] {{{line} {text[1..^1]}{line}}}",
            };
        }

        /// <summary>Brackets within brackets; of a long dimension, both ends.</summary>
        private static string Nested(Tensor tensor, int depth, string brackets, string suffix, string format, CultureInfo culture, string line)
        {
            if (tensor.Dimensions == 0) return Element(tensor, format, culture) + suffix;
            long length = tensor.shape[0], head = length <= longestDimension ? length : longestDimension / 2;
            bool braces = brackets == "{}", row = tensor.Dimensions == 1;
            string gap = row ? "" : string.Concat(Enumerable.Repeat(line, braces ? 1 : (int)tensor.Dimensions - 1)) + new string(' ', depth + 1);
            string separator = row ? ", " : (braces ? "," : "") + gap;
            string Part(long i) => Nested(tensor[i], depth + 1, brackets, suffix, format, culture, line);
            string text = string.Join(separator, Range(0, head).Select(Part));
            if (head < length) text += $"{separator}...{(row ? " " : gap)}{string.Join(separator, Range(length - head, length).Select(Part))}";
            return brackets[0] + text + brackets[1];
        }

        /// <summary>Each matrix as a table, under its indices where there are more dimensions than two.</summary>
        private static string Tables(Tensor tensor, string indices, string format, int width, CultureInfo culture, string line)
        {
            if (tensor.Dimensions > 2)
                return string.Join(line, Range(0, tensor.shape[0]).Select(i => Tables(tensor[i], $"{indices}{i},", format, width, culture, line)));
            string title = indices == "" ? "" : $"[{indices}..,..] ={line}";
            var rows = (tensor.Dimensions == 1 ? [tensor] : tensor.unbind()).Select(row => row.unbind().Select(e => Element(e, format, culture)).ToList()).ToList();
            var widths = Range(0, rows.Count == 0 ? 0 : rows[0].Count).Select(column => rows.Max(row => row[(int)column].Length) + 1).ToList();
            int shown = 0;
            for (int used = 0; shown < widths.Count && (used += widths[shown]) <= width; shown++) { }
            string end = (shown < widths.Count ? " ..." : "") + line;
            return title + string.Concat(rows.Select(row => string.Concat(row.Take(shown).Select((text, column) => text.PadLeft(widths[column]))) + end));
        }

        private static IEnumerable<long> Range(long start, long end)
        {
            for (long i = start; i < end; i++) yield return i;
        }

        private static string Element(Tensor element, string format, CultureInfo culture) =>
            element.dtype == ScalarType.Float32 ? element.item<float>().ToString(format, culture) : Element(element.ToScalar(), format, culture);

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
        lineWidth = linewidth ?? lineWidth;
        longestDimension = maxRows ?? longestDimension;
    }
}
