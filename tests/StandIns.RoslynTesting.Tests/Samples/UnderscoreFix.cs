using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace StandIns.RoslynTesting.Tests.Samples;

/// <summary>Removes one leading underscore, so that a name with several takes several fixes.</summary>
public class UnderscoreFix : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => [UnderscoreAnalyzer.Id];

    public override FixAllProvider? GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            foreach (var (title, key, newName) in Offers)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(title, token => RenameAsync(context.Document, diagnostic, newName, token), key),
                    diagnostic);
            }
        }

        return Task.CompletedTask;
    }

    protected virtual IEnumerable<(string Title, string Key, Func<string, string> NewName)> Offers
        => [("Remove the underscore", "remove", name => name[1..])];

    private static async Task<Document> RenameAsync(Document document, Diagnostic diagnostic, Func<string, string> newName, CancellationToken cancellationToken)
    {
        var root = (await document.GetSyntaxRootAsync(cancellationToken))!;
        var type = root.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<ClassDeclarationSyntax>()!;
        var identifier = SyntaxFactory.Identifier(newName(type.Identifier.Text)).WithTriviaFrom(type.Identifier);
        return document.WithSyntaxRoot(root.ReplaceToken(type.Identifier, identifier));
    }
}

/// <summary>Offers two ways.</summary>
public sealed class TwoWaysFix : UnderscoreFix
{
    protected override IEnumerable<(string Title, string Key, Func<string, string> NewName)> Offers =>
    [
        ("Remove the underscore", "remove", name => name[1..]),
        ("Replace the underscore by X", "replace", name => "X" + name[1..]),
    ];
}

/// <summary>Makes code that does not compile.</summary>
public sealed class BreakingFix : UnderscoreFix
{
    protected override IEnumerable<(string Title, string Key, Func<string, string> NewName)> Offers
        => [("Break", "break", _ => "int")];
}

/// <summary>Makes a token that looks like an identifier, but does not parse as one.</summary>
public sealed class NotWhatItParsesToFix : UnderscoreFix
{
    protected override IEnumerable<(string Title, string Key, Func<string, string> NewName)> Offers
        => [("Glue", "glue", name => name[1..] + " : object")];
}

public sealed class WithoutFixAllFix : UnderscoreFix
{
    public override FixAllProvider? GetFixAllProvider() => null;
}

public sealed class NothingOfferedFix : UnderscoreFix
{
    protected override IEnumerable<(string Title, string Key, Func<string, string> NewName)> Offers => [];
}

/// <summary>Fixes single diagnostics well, but Fix All leaves everything as it was.</summary>
public sealed class UselessFixAllFix : UnderscoreFix
{
    public override FixAllProvider? GetFixAllProvider() => FixAllProvider.Create((context, document, diagnostics) => Task.FromResult<Document?>(document));
}

/// <summary>Adds a file beside the fixed one.</summary>
public sealed class AddsFileFix : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => [UnderscoreAnalyzer.Id];

    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        context.RegisterCodeFix(
            CodeAction.Create("Move", async token =>
            {
                var root = (await context.Document.GetSyntaxRootAsync(token))!;
                var emptied = root.RemoveNode(root.FindNode(context.Span), SyntaxRemoveOptions.KeepNoTrivia)!;
                return context.Document.WithSyntaxRoot(emptied).Project.AddDocument("Moved.cs", "class Moved { }").Project.Solution;
            }, "move"),
            context.Diagnostics);
        return Task.CompletedTask;
    }
}
