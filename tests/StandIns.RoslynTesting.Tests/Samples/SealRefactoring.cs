using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeRefactorings;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace StandIns.RoslynTesting.Tests.Samples;

/// <summary>Seals the class at the caret.</summary>
public sealed class SealRefactoring : CodeRefactoringProvider
{
    public override async Task ComputeRefactoringsAsync(CodeRefactoringContext context)
    {
        var root = (await context.Document.GetSyntaxRootAsync(context.CancellationToken))!;
        var type = root.FindNode(context.Span).FirstAncestorOrSelf<ClassDeclarationSyntax>();
        if (type is null || type.Modifiers.Any(SyntaxKind.SealedKeyword))
            return;
        context.RegisterRefactoring(CodeAction.Create(
            "Seal",
            _ =>
            {
                var keyword = SyntaxFactory.Token(SyntaxKind.SealedKeyword).WithLeadingTrivia(type.GetLeadingTrivia()).WithTrailingTrivia(SyntaxFactory.Space);
                var changed = type.WithKeyword(type.Keyword.WithLeadingTrivia()).WithModifiers(type.Modifiers.Insert(0, keyword));
                return Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(type, changed)));
            },
            "seal"));
    }
}

/// <summary>Offers to do nothing.</summary>
public sealed class IdleRefactoring : CodeRefactoringProvider
{
    public override Task ComputeRefactoringsAsync(CodeRefactoringContext context)
    {
        context.RegisterRefactoring(CodeAction.Create("Idle", _ => Task.FromResult(context.Document), "idle"));
        return Task.CompletedTask;
    }
}
