using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.Text;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>
/// Reads sources in which <c>$$</c> marks a position, <c>[|…|]</c> a span and <c>{|name:…|}</c> a named span.
/// Spans may nest; ones that overlap are told apart by closing them with their key: <c>{|#0: … |#0}</c>.
/// </summary>
public static partial class TestFileMarkupParser
{
    private enum TokenKind
    {
        Position,
        Start,
        End,
    }

    public static void GetPositionsAndSpans(string input, out string output, out ImmutableArray<int> positions, out ImmutableDictionary<string, ImmutableArray<TextSpan>> spans)
        => Parse(input, treatPositionIndicatorsAsCode: false, out output, out positions, out spans);

    public static void GetSpans(string input, bool treatPositionIndicatorsAsCode, out string output, out ImmutableDictionary<string, ImmutableArray<TextSpan>> spans)
        => Parse(input, treatPositionIndicatorsAsCode, out output, out _, out spans);

    public static void GetSpans(string input, out string output, out ImmutableDictionary<string, ImmutableArray<TextSpan>> spans)
        => GetSpans(input, treatPositionIndicatorsAsCode: false, out output, out spans);

    public static void GetSpans(string input, out string output, out ImmutableArray<TextSpan> spans)
    {
        GetSpans(input, out output, out ImmutableDictionary<string, ImmutableArray<TextSpan>> byName);
        spans = byName.GetValueOrDefault("", []);
    }

    public static void GetSpan(string input, out string output, out TextSpan span)
    {
        GetSpans(input, out output, out ImmutableArray<TextSpan> spans);
        span = OnlyOne(spans, "[|…|]");
    }

    public static void GetPosition(string input, out string output, out int cursorPosition)
    {
        Parse(input, treatPositionIndicatorsAsCode: false, out output, out var positions, out _);
        cursorPosition = OnlyOne(positions, "$$");
    }

    private static T OnlyOne<T>(ImmutableArray<T> found, string markup)
        => found is [var only] ? only : throw new ArgumentException($"One {markup} is needed in the input; it has {found.Length}.");

    private static void Parse(string input, bool treatPositionIndicatorsAsCode, out string output, out ImmutableArray<int> positions, out ImmutableDictionary<string, ImmutableArray<TextSpan>> spans)
    {
        var tokens = Tokenize(input, treatPositionIndicatorsAsCode, out output);
        positions = [.. tokens.Where(token => token.Kind == TokenKind.Position).Select(token => token.Offset)];
        spans = MatchSpans(tokens)
            .GroupBy(span => span.Name, span => span.Span)
            .ToImmutableDictionary(group => group.Key, group => group.ToImmutableArray());
    }

    private static List<Token> Tokenize(string input, bool treatPositionIndicatorsAsCode, out string output)
    {
        var tokens = new List<Token>();
        var open = new List<string>();
        var text = new StringBuilder();
        int next = 0;
        for (var match = MarkupSyntax().Match(input); match.Success; match = MarkupSyntax().Match(input, next))
        {
            text.Append(input, next, match.Index - next);
            next = match.Index + match.Length;
            var token = Classify(match, text.Length);
            bool isCode = (token.Kind == TokenKind.Position && treatPositionIndicatorsAsCode)
                || (match.Value == "[|" && ClosesInnermost(input, next, open));
            if (isCode)
            {
                // Of "[|]" only "[" is taken, so that "|]" can close the span.
                int length = match.Value == "[|" ? 1 : match.Length;
                text.Append(match.Value, 0, length);
                next = match.Index + length;
                continue;
            }

            tokens.Add(token);
            if (token.Kind == TokenKind.Start)
                open.Add(token.Name);
            else if (token.Kind == TokenKind.End && open.Count > 0)
                open.RemoveAt(token.Name.Length > 0 && open.LastIndexOf(token.Name) is var index and >= 0 ? index : open.Count - 1);
        }

        output = text.Append(input, next, input.Length - next).ToString();
        return tokens;
    }

    private static Token Classify(Match match, int offset)
        => match.Value == "$$" ? new(TokenKind.Position, offset, "", match.Index)
            : match.Value == "[|" ? new(TokenKind.Start, offset, "", match.Index)
            : match.Groups["name"].Success ? new(TokenKind.Start, offset, match.Groups["name"].Value, match.Index)
            : new(TokenKind.End, offset, match.Groups["key"].Value, match.Index);

    /// <summary>Whether "[|" is really "[" before the end of the innermost open span, as in <c>[|int[|]</c>.</summary>
    private static bool ClosesInnermost(string input, int next, List<string> open)
        => open.Count > 0 && next < input.Length && input[next] == (open[^1].Length == 0 ? ']' : '}');

    private static IEnumerable<(string Name, TextSpan Span)> MatchSpans(List<Token> tokens)
    {
        var closedByKey = tokens.Where(token => token.Kind == TokenKind.End && token.Name.Length > 0).Select(token => token.Name).ToHashSet();
        var open = new List<Token>();
        var seen = new HashSet<string>();
        foreach (var token in tokens)
        {
            if (token.Kind == TokenKind.Start)
            {
                if (token.Name.StartsWith('#') && !seen.Add(token.Name))
                    throw new ArgumentException($"Markup key '{token.Name}' starts more than one span.");
                open.Add(token);
            }
            else if (token.Kind == TokenKind.End)
            {
                int index = token.Name.Length > 0
                    ? open.FindLastIndex(start => start.Name == token.Name)
                    : open.FindLastIndex(start => !closedByKey.Contains(start.Name));
                if (index < 0)
                    throw new ArgumentException($"The markup at character {token.InputOffset} ends a span that was not started.");
                yield return (open[index].Name, TextSpan.FromBounds(open[index].Offset, token.Offset));
                open.RemoveAt(index);
            }
        }

        if (open.Count > 0)
            throw new ArgumentException($"The markup at character {open[0].InputOffset} starts a span that is not ended.");
    }

    [GeneratedRegex(@"\$\$ | \[\| | \{\| (?<name> [^:|\[\]{}]+ ) : | \|\] | \|\} | \| (?<key> \#[0-9]+ ) \}", RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex MarkupSyntax();

    /// <param name="Offset">In the output, without markup.</param>
    private readonly record struct Token(TokenKind Kind, int Offset, string Name, int InputOffset);
}
