using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace GradLint.CodeFixes.Framework;

/// <summary>A statement among its neighbours: in a block, a switch section or at the top level of a program.</summary>
/// <param name="Statement">The statement.</param>
internal sealed record StatementPlace(StatementSyntax Statement)
{
    /// <summary>The node that stands in the list: at the top level, the statement's wrapper.</summary>
    public SyntaxNode Node => Statement.Parent is GlobalStatementSyntax wrapper ? wrapper : Statement;

    public SyntaxNode List => Node.Parent!;

    /// <summary>The statement around a node that has neighbours, or null where it has none, as in <c>if (…) x.step();</c>.</summary>
    public static StatementPlace? Of(SyntaxNode node) =>
        node.FirstAncestorOrSelf<StatementSyntax>() is { Parent: BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax } statement ? new(statement) : null;

    /// <summary>The statement of the same list as <paramref name="sibling"/> that contains a node, or null.</summary>
    public static StatementPlace? Beside(StatementPlace sibling, SyntaxNode node) =>
        node.AncestorsAndSelf().OfType<StatementSyntax>()
            .Where(statement => statement.Parent is BlockSyntax or SwitchSectionSyntax or GlobalStatementSyntax)
            .Select(statement => new StatementPlace(statement))
            .FirstOrDefault(place => place.List == sibling.List);

    /// <summary>The block that a loop repeats, or null where it has none.</summary>
    public static BlockSyntax? BodyOf(StatementSyntax? loop) => loop switch
    {
        ForStatementSyntax { Statement: BlockSyntax body } => body,
        CommonForEachStatementSyntax { Statement: BlockSyntax body } => body,
        WhileStatementSyntax { Statement: BlockSyntax body } => body,
        DoStatementSyntax { Statement: BlockSyntax body } => body,
        _ => null,
    };

    /// <summary>Puts code before this statement, under whatever comments the statement has of its own.</summary>
    public void InsertBefore(DocumentEditor editor, StatementSyntax statement) => editor.InsertBefore(Node, Wrapped(statement));

    public void InsertAfter(DocumentEditor editor, params StatementSyntax[] statements) => editor.InsertAfter(Node, statements.Select(Wrapped));

    private SyntaxNode Wrapped(StatementSyntax statement) =>
        Node is GlobalStatementSyntax ? SyntaxFactory.GlobalStatement(statement) : statement;
}
