using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace GradLint.CodeFixes.Framework;

/// <summary>Edits of constructors, with block or expression bodies alike.</summary>
internal static class ConstructorEdits
{
    /// <summary>The constructors that do not hand over to another of the same type.</summary>
    public static IEnumerable<ConstructorDeclarationSyntax> OwnConstructors(INamedTypeSymbol type, CancellationToken cancellationToken) =>
        type.InstanceConstructors
            .SelectMany(constructor => constructor.DeclaringSyntaxReferences)
            .Select(reference => reference.GetSyntax(cancellationToken))
            .OfType<ConstructorDeclarationSyntax>()
            .Where(constructor => !constructor.Initializer.IsKind(SyntaxKind.ThisConstructorInitializer));

    /// <summary>The constructor with statements at its end; an expression body becomes a block.</summary>
    public static ConstructorDeclarationSyntax WithAppended(this ConstructorDeclarationSyntax constructor, params StatementSyntax[] statements)
    {
        if (constructor.Body is { } body)
            return constructor.WithBody(body.AddStatements(body.Statements.LastOrDefault() is { } last ? [statements[0].ApartFrom(last), .. statements.Skip(1)] : statements));
        var first = SyntaxFactory.ExpressionStatement(constructor.ExpressionBody!.Expression);
        return constructor
            .WithExpressionBody(null)
            .WithSemicolonToken(default)
            .WithBody(SyntaxFactory.Block((StatementSyntax[])[first, .. statements]))
            .WithTrailingTrivia(constructor.GetTrailingTrivia())
            .WithAdditionalAnnotations(Formatter.Annotation);
    }

    /// <summary>A comment right under one at the end of a line would be lined up with it: a blank line keeps them apart.</summary>
    public static StatementSyntax ApartFrom(this StatementSyntax statement, StatementSyntax before) =>
        before.GetTrailingTrivia().Any(SyntaxKind.SingleLineCommentTrivia) && statement.GetLeadingTrivia().Any(SyntaxKind.SingleLineCommentTrivia)
            ? statement.WithLeadingTrivia(statement.GetLeadingTrivia().Insert(0, SyntaxFactory.LineFeed))
            : statement;

    public static StatementSyntax Statement(string code) =>
        SyntaxFactory.ParseStatement(code + "\n").WithAdditionalAnnotations(Formatter.Annotation);
}
