using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Models;

/// <summary>Names for layers that are put beside others: <c>norm3</c> beside <c>act3</c>.</summary>
internal sealed class LayerName
{
    private readonly string _stem;
    private readonly HashSet<string> _taken;

    /// <param name="stem">What the new layers are: <c>norm</c>.</param>
    /// <param name="graph">The model, whose names are taken.</param>
    public LayerName(string stem, ModelGraph graph)
    {
        _stem = stem;
        _taken = [.. graph.Parameters.Select(parameter => parameter.Path).Concat(graph.Nodes.Select(node => node.Path).OfType<string>()).SelectMany(path => path.Split('.'))];
    }

    /// <summary>For a name written as a literal or interpolated string its number is kept; to any other expression the stem is added.</summary>
    public ExpressionSyntax Beside(ExpressionSyntax name)
    {
        switch (name)
        {
            case LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression } literal:
                return SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(Beside(literal.Token.ValueText)));
            case InterpolatedStringExpressionSyntax { Contents: { Count: > 0 } contents } interpolated:
                var text = contents[0] is InterpolatedStringTextSyntax first ? first.TextToken.ValueText : "";
                var renamed = IsTakenBefore(_stem) ? $"{_stem}_{text}" : _stem + text.TrimStart(Letters);
                var replaced = SyntaxFactory.InterpolatedStringText(SyntaxFactory.Token(default, SyntaxKind.InterpolatedStringTextToken, renamed, renamed, default));
                return interpolated.WithContents(contents[0] is InterpolatedStringTextSyntax
                    ? contents.Replace(contents[0], replaced)
                    : contents.Insert(0, replaced));
            default:
                return SyntaxFactory.ParseExpression($"\"{_stem}_\" + {name.WithoutTrivia()}");
        }
    }

    /// <summary>A free name beside one; a leading underscore stays.</summary>
    public string Beside(string name)
    {
        var lead = name.StartsWith("_", StringComparison.Ordinal) ? "_" : "";
        var number = name.Substring(lead.Length).TrimStart(Letters);
        var wishes = new[] { lead + _stem + number, $"{lead}{_stem}_{name.Substring(lead.Length)}" };
        var free = wishes.FirstOrDefault(wish => !_taken.Contains(wish))
            ?? Enumerable.Range(2, int.MaxValue - 2).Select(attempt => $"{wishes[1]}_{attempt}").First(wish => !_taken.Contains(wish));
        _taken.Add(free);
        return free;
    }

    public void Take(IEnumerable<string> names) => _taken.UnionWith(names);

    private bool IsTakenBefore(string stem) => _taken.Any(name => name.StartsWith(stem, StringComparison.Ordinal));

    private static readonly char[] Letters = [.. Enumerable.Range('a', 26).Concat(Enumerable.Range('A', 26)).Select(letter => (char)letter)];
}
