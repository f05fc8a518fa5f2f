using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace GradLint.CodeFixes.Framework;

/// <summary>An element of a list in brackets: an argument, an item of an initialiser or of a collection expression.</summary>
internal static class ListElement
{
    /// <summary>The element that is the expression, with its name if it is a tuple, or null where the expression is no element.</summary>
    public static SyntaxNode? Around(ExpressionSyntax expression)
    {
        SyntaxNode node = expression.Parent is ArgumentSyntax { Parent: TupleExpressionSyntax { Arguments.Count: 2 } tuple } ? tuple : expression;
        return node.Parent switch
        {
            ArgumentSyntax { Parent: ArgumentListSyntax } argument => argument,
            InitializerExpressionSyntax => node,
            { Parent.RawKind: CollectionExpressions.Kind } element => element,
            _ => null,
        };
    }

    public static bool HasSiblings(SyntaxNode element) => element.Parent switch
    {
        ArgumentListSyntax list => list.Arguments.Count > 1,
        InitializerExpressionSyntax initializer => initializer.Expressions.Count > 1,
        { } list => list.ChildNodes().Skip(1).Any(),
        null => false,
    };

    /// <summary>Takes an element out, with the comma that goes with it; comments of its neighbours stay.</summary>
    public static void Remove(SyntaxNode element, DocumentEditor editor)
    {
        editor.TrackNode(element);
        switch (element.Parent)
        {
            case ArgumentListSyntax list:
                editor.ReplaceNode(list, (current, _) => ((ArgumentListSyntax)current).WithArguments(Without(((ArgumentListSyntax)current).Arguments, (ArgumentSyntax)current.GetCurrentNode(element)!)));
                break;
            case InitializerExpressionSyntax initializer:
                editor.ReplaceNode(initializer, (current, _) => ((InitializerExpressionSyntax)current).WithExpressions(Without(((InitializerExpressionSyntax)current).Expressions, (ExpressionSyntax)current.GetCurrentNode(element)!)));
                break;
            default:
                editor.RemoveNode(element, SyntaxRemoveOptions.KeepNoTrivia);
                break;
        }
    }

    private static SeparatedSyntaxList<TNode> Without<TNode>(SeparatedSyntaxList<TNode> list, TNode element)
        where TNode : SyntaxNode
    {
        var index = list.IndexOf(element);
        var isLast = index == list.Count - 1;
        if (!isLast || index == 0 || list.SeparatorCount == list.Count)
            return list.RemoveAt(index);

        // The comma before the last element goes; a comment behind it is the previous element's.
        var comma = list.GetSeparator(index - 1).TrailingTrivia;
        var kept = comma.Any(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia)) ? comma : default;
        var shorter = list.RemoveAt(index);
        return shorter.Replace(shorter[index - 1], shorter[index - 1].WithTrailingTrivia(kept.AddRange(element.GetTrailingTrivia())));
    }
}
