using System.Globalization;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GradLint.Analyzers.Framework;

/// <summary>One setting of <c>.editorconfig</c>, read and validated.</summary>
/// <param name="Key">As written in the file: <c>gradlint.clip_norm</c>.</param>
/// <param name="Range">The values it takes, in words for a person.</param>
public abstract record AnalyzerOption(string Key, string Range)
{
    /// <summary>Whether the setting is absent or has a value it takes; otherwise <paramref name="invalidValue"/> is what was written.</summary>
    public bool IsValid(AnalyzerConfigOptions options, out string invalidValue)
    {
        invalidValue = "";
        return !options.TryGetValue(Key, out var text) || Accepts(invalidValue = text.Trim());
    }

    protected abstract bool Accepts(string text);
}

/// <summary>A setting with a value of type <typeparamref name="T"/>.</summary>
/// <param name="Key">As written in the file.</param>
/// <param name="Range">The values it takes, in words for a person.</param>
/// <param name="Default">Taken when the setting is absent or invalid.</param>
/// <param name="Parse">The value, or null when the text is not one.</param>
public sealed record AnalyzerOption<T>(string Key, string Range, T Default, Func<string, T?> Parse) : AnalyzerOption(Key, Range)
    where T : struct
{
    public T Read(AnalyzerConfigOptions options) =>
        options.TryGetValue(Key, out var text) && Parse(text.Trim()) is { } value ? value : Default;

    protected override bool Accepts(string text) => Parse(text) is not null;
}

/// <summary>Makes options of the usual kinds.</summary>
internal static class AnalyzerOptionFactory
{
    public static AnalyzerOption<double> Number(string key, double defaultValue, string range, Func<double, bool> isInRange) =>
        new(key, range, defaultValue, text =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && isInRange(number) ? number : null);

    public static AnalyzerOption<int> Integer(string key, int defaultValue, string range, Func<int, bool> isInRange) =>
        new(key, range, defaultValue, text =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && isInRange(number) ? number : null);

    public static AnalyzerOption<TEnum> Choice<TEnum>(string key, TEnum defaultValue, IReadOnlyDictionary<string, TEnum> choices)
        where TEnum : struct, Enum =>
        new(key, "one of " + string.Join(", ", choices.Keys), defaultValue, text =>
            choices.TryGetValue(text.ToLowerInvariant(), out var choice) ? choice : null);
}
