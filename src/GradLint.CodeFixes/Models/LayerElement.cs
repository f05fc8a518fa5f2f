using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Members = GradLint.Core.Knowledge.TorchSharpNames.ModuleMembers;

namespace GradLint.CodeFixes.Models;

/// <summary>
/// A layer among others in a row: an argument of <c>Sequential(…)</c>, an element of an array or collection, or what a
/// statement adds to one (<c>layers.Add(…)</c>, <c>yield return</c>).
/// </summary>
/// <param name="Node">The argument, element or statement.</param>
/// <param name="Layer">The expression that makes the layer.</param>
/// <param name="Name">Its name, where it has one.</param>
internal sealed record LayerElement(SyntaxNode Node, ExpressionSyntax Layer, ExpressionSyntax? Name)
{
    private const string LayerMark = "GradLint.Layer", NameMark = "GradLint.Name";

    private readonly SyntaxAnnotation _mark = new();

    public SyntaxNode Container => Node.Parent!;

    /// <summary>The element whose layer is made at a place, or null where it does not stand in a row.</summary>
    public static LayerElement? Of(CodeSite site, CancellationToken cancellationToken)
    {
        if (site.Node is not InvocationExpressionSyntax call)
            return null;
        ExpressionSyntax layer = call;
        while (layer.Parent is CastExpressionSyntax or ParenthesizedExpressionSyntax)
            layer = (ExpressionSyntax)layer.Parent;

        var (outer, name) = layer.Parent is ArgumentSyntax { Parent: TupleExpressionSyntax { Arguments.Count: 2 } tuple } second && tuple.Arguments[1] == second
            ? (tuple, tuple.Arguments[0].Expression)
            : (layer, (ExpressionSyntax?)null);
        return outer.Parent switch
        {
            ArgumentSyntax { Parent: ArgumentListSyntax { Parent: InvocationExpressionSyntax list } } argument => InCall(list, argument),
            InitializerExpressionSyntax => new(outer, layer, name),
            YieldStatementSyntax { Parent: BlockSyntax } statement => new(statement, layer, name),
            { RawKind: CollectionExpressions.ElementKind } element => new(element, layer, name),
            _ => null,
        };

        LayerElement? InCall(InvocationExpressionSyntax list, ArgumentSyntax argument)
        {
            if (site.Model.GetSymbolInfo(list, cancellationToken).Symbol is not IMethodSymbol method)
                return null;
            if (method.Name == TorchSharpNames.Functions.Sequential && site.Types.IsFromTorchSharp(method))
                return new(argument, layer, name);
            if (method.Name is not (Members.Append or Members.Add or Members.AddModule) || list.Parent is not ExpressionStatementSyntax statement)
                return null;
            var arguments = list.ArgumentList.Arguments;
            if (name is null && arguments.Count == 2 && arguments[1] == argument)
                name = arguments[0].Expression;
            else if (arguments.Count != 1)
                return null;
            return statement.Parent switch
            {
                BlockSyntax or SwitchSectionSyntax => new(statement, layer, name),
                GlobalStatementSyntax global => new(global, layer, name),
                _ => null,
            };
        }
    }

    /// <summary>Puts another layer before this one, in the same form.</summary>
    public void InsertBefore(SyntaxEditor editor, ExpressionSyntax layer, ExpressionSyntax? name)
    {
        Mark(editor);
        var inserted = With(Node, Layer, layer, Name, name);
        editor.ReplaceNode(Container, (current, _) =>
        {
            var at = Marked(current);
            var isStatement = at is StatementSyntax or GlobalStatementSyntax;
            var indentation = at.GetLeadingTrivia().Where(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)).Take(1).ToArray();
            if (isStatement)
            {
                var end = at.GetTrailingTrivia().Where(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)).Take(1);
                return current.InsertNodesBefore(at, [inserted.WithLeadingTrivia(indentation).WithTrailingTrivia(end)]);
            }

            // The new element takes the place's line and indentation; what follows it keeps its comments.
            var startsLine = StartsLine(at);
            var apart = startsLine && EndsLine(at) ? (SyntaxTrivia[])[LineEnding.FirstOf(current.SyntaxTree.GetRoot()), .. indentation] : [SyntaxFactory.Space];
            var rest = at.WithLeadingTrivia(at.GetLeadingTrivia().SkipWhile(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)));
            return Spread(current, at, inserted.WithLeadingTrivia(startsLine ? indentation : []).WithTrailingTrivia(), apart, rest);
        });
    }

    /// <summary>Makes one element of this one and those that follow it.</summary>
    /// <param name="editor">Of the document.</param>
    /// <param name="followers">The elements after this one, up to the last.</param>
    /// <param name="name">Of the new element, where elements have names.</param>
    /// <param name="wrap">Makes the new layer of the elements' own, or (name, layer) tuples.</param>
    public void Wrap(SyntaxEditor editor, IReadOnlyList<LayerElement> followers, ExpressionSyntax? name, Func<IReadOnlyList<ExpressionSyntax>, ExpressionSyntax> wrap)
    {
        Mark(editor);
        foreach (var follower in followers)
            follower.Mark(editor);
        editor.ReplaceNode(Container, (current, _) =>
        {
            var from = Marked(current);
            var to = followers.Count == 0 ? from : followers[followers.Count - 1].Marked(current);
            var row = current.ChildNodes().Where(node => node.SpanStart >= from.SpanStart && node.SpanStart <= to.SpanStart).ToArray();
            var parts = row.Select(Part).ToArray();
            if (parts.Any(part => part is null))
                return current;
            var wrapped = With(
                from, (ExpressionSyntax)from.GetAnnotatedNodes(LayerMark).First(), wrap(parts!),
                (ExpressionSyntax?)from.GetAnnotatedNodes(NameMark).FirstOrDefault(), name);
            var comments = row.SelectMany((node, index) => (index > 0 ? node.GetLeadingTrivia() : default).Concat(index < row.Length - 1 ? node.GetTrailingTrivia() : default))
                .Where(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia));
            var lead = from.GetLeadingTrivia().ToList();
            var indentation = lead.LastOrDefault(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia));
            foreach (var comment in comments)
                lead.AddRange([comment, SyntaxFactory.ElasticCarriageReturnLineFeed, indentation]);
            return Replaced(current, row, wrapped.WithLeadingTrivia(lead).WithTrailingTrivia(to.GetTrailingTrivia()));
        });
    }

    /// <summary>Two elements with a comma between in the place of one.</summary>
    private static SyntaxNode Spread(SyntaxNode container, SyntaxNode at, SyntaxNode inserted, SyntaxTrivia[] apart, SyntaxNode rest)
    {
        var comma = SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(apart);
        switch (container)
        {
            case ArgumentListSyntax list:
                return list.WithArguments(Spread(list.Arguments, (ArgumentSyntax)at, (ArgumentSyntax)inserted, comma, (ArgumentSyntax)rest));
            case InitializerExpressionSyntax list:
                return list.WithExpressions(Spread(list.Expressions, (ExpressionSyntax)at, (ExpressionSyntax)inserted, comma, (ExpressionSyntax)rest));
            default:
                // Which of the two commas is the old one is not said.
                var (one, two) = (new SyntaxAnnotation(), new SyntaxAnnotation());
                var old = at.GetLastToken().GetNextToken();
                container = container.ReplaceNode(at, [inserted.WithAdditionalAnnotations(one), rest.WithAdditionalAnnotations(two)]);
                var (between, after) = (Next(one), Next(two));
                return container.ReplaceTokens([between, after], (token, _) => token == between ? comma : token.WithTrailingTrivia(old.TrailingTrivia));

                SyntaxToken Next(SyntaxAnnotation element) => container.GetAnnotatedNodes(element).Single().GetLastToken().GetNextToken();
        }
    }

    private static SeparatedSyntaxList<TNode> Spread<TNode>(SeparatedSyntaxList<TNode> list, TNode at, TNode inserted, SyntaxToken comma, TNode rest)
        where TNode : SyntaxNode
    {
        var (index, items) = (2 * list.IndexOf(at), list.GetWithSeparators());
        return SyntaxFactory.SeparatedList<TNode>(new SyntaxNodeOrTokenList(items.Take(index).Concat([inserted, comma, rest]).Concat(items.Skip(index + 1))));
    }

    private static SyntaxNode Replaced(SyntaxNode container, SyntaxNode[] row, SyntaxNode wrapped)
    {
        switch (container)
        {
            case ArgumentListSyntax list:
                return list.WithArguments(Replaced(list.Arguments, row, (ArgumentSyntax)wrapped));
            case InitializerExpressionSyntax list:
                return list.WithExpressions(Replaced(list.Expressions, row, (ExpressionSyntax)wrapped));
            default:
                var first = new SyntaxAnnotation();
                var rest = new SyntaxAnnotation();
                container = container.ReplaceNodes(row, (original, _) => original == row[0] ? wrapped.WithAdditionalAnnotations(first) : original.WithAdditionalAnnotations(rest));
                container = container.RemoveNodes(container.GetAnnotatedNodes(rest), SyntaxRemoveOptions.KeepNoTrivia)!;
                var (before, after) = (row[row.Length - 1].GetLastToken().GetNextToken(), container.GetAnnotatedNodes(first).Single().GetLastToken().GetNextToken());
                return before.IsKind(SyntaxKind.CommaToken) && after.IsKind(SyntaxKind.CommaToken)
                    ? container.ReplaceToken(after, after.WithTrailingTrivia(before.TrailingTrivia))
                    : container;
        }
    }

    /// <summary>The separator after the row is kept with its trivia, those inside go.</summary>
    private static SeparatedSyntaxList<TNode> Replaced<TNode>(SeparatedSyntaxList<TNode> list, SyntaxNode[] row, TNode wrapped)
        where TNode : SyntaxNode
    {
        var (first, last) = (list.IndexOf((TNode)row[0]), list.IndexOf((TNode)row[row.Length - 1]));
        var items = list.GetWithSeparators();
        return SyntaxFactory.SeparatedList<TNode>(new SyntaxNodeOrTokenList(items.Take(2 * first).Append(wrapped).Concat(items.Skip((2 * last) + 1))));
    }

    /// <summary>Each node is marked once: a second finding may ask for it again.</summary>
    private void Mark(SyntaxEditor editor)
    {
        editor.ReplaceNode(Layer, (current, _) => WithMark(current, LayerMark));
        if (Name is not null)
            editor.ReplaceNode(Name, (current, _) => WithMark(current, NameMark));
        editor.ReplaceNode(Node, (current, _) => current.WithAdditionalAnnotations(_mark));
    }

    private SyntaxNode Marked(SyntaxNode container) => container.GetAnnotatedNodes(_mark).First();

    private static SyntaxNode WithMark(SyntaxNode node, string kind) => node.HasAnnotations(kind) ? node : node.WithAdditionalAnnotations(new SyntaxAnnotation(kind));

    private static ExpressionSyntax? Part(SyntaxNode element)
    {
        if (element.GetAnnotatedNodes(LayerMark).FirstOrDefault() is not ExpressionSyntax layer)
            return null;
        return element.GetAnnotatedNodes(NameMark).FirstOrDefault() is ExpressionSyntax name
            ? SyntaxFactory.ParseExpression($"({name.WithoutTrivia()}, {layer.WithoutTrivia()})") is TupleExpressionSyntax tuple
                ? tuple.ReplaceNode(tuple.Arguments[1].Expression, layer.WithoutTrivia())
                : null
            : layer.WithoutTrivia();
    }

    private static SyntaxNode With(SyntaxNode element, ExpressionSyntax layer, ExpressionSyntax newLayer, ExpressionSyntax? name, ExpressionSyntax? newName) =>
        element.ReplaceNodes(name is null ? new[] { layer } : [layer, name], (original, _) => original == layer
            ? (SyntaxNode)WithMark(newLayer.WithTriviaFrom(original), LayerMark)
            : WithMark((newName ?? (ExpressionSyntax)original).WithTriviaFrom(original), NameMark));

    private static bool StartsLine(SyntaxNode node) =>
        node.GetFirstToken().GetPreviousToken() is var previous && previous.TrailingTrivia.Any(SyntaxKind.EndOfLineTrivia);

    private static bool EndsLine(SyntaxNode node)
    {
        var next = node.GetLastToken().GetNextToken();
        return next.IsKind(SyntaxKind.CommaToken) ? next.TrailingTrivia.Any(SyntaxKind.EndOfLineTrivia) : true;
    }
}
