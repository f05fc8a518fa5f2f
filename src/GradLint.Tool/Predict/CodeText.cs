using System.Globalization;
using GradLint.Core.Model;

namespace GradLint.Tool.Predict;

/// <summary>Values and places of the code that was read, as text.</summary>
internal static class CodeText
{
    public static string Place(Origin origin) => origin.File.Length == 0 ? "" : $"({Path.GetFileName(origin.File)}:{origin.Line})";

    /// <summary>An argument of a layer; null for null.</summary>
    public static string? Value(object? value) => value switch
    {
        null => null,
        IReadOnlyList<long?> sizes => $"({string.Join(", ", sizes)})",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };
}
