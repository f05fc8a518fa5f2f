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

    internal static async Task<Document> RenameAsync(Document document, Diagnostic diagnostic, Func<string, string> newName, CancellationToken cancellationToken)
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

/// <summary>Offers two of its ways in a submenu.</summary>
public sealed class NestedFix : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => [UnderscoreAnalyzer.Id];

    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var diagnostic = context.Diagnostics[0];
        context.RegisterCodeFix(Replace("", "remove"), diagnostic);
        context.RegisterCodeFix(CodeAction.Create("Replace by", [Replace("X", "x"), Replace("Y", "y")], isInlinable: false), diagnostic);
        return Task.CompletedTask;

        CodeAction Replace(string prefix, string key)
            => CodeAction.Create($"Replace by '{prefix}'", token => UnderscoreFix.RenameAsync(context.Document, diagnostic, name => prefix + name[1..], token), key);
    }
}

/// <summary>Makes one token of what parses as several, and a base class that does not exist.</summary>
public sealed class InventsTypeFix : UnderscoreFix
{
    protected override IEnumerable<(string Title, string Key, Func<string, string> NewName)> Offers
        => [("Invent", "invent", name => name[1..] + " : Missing")];
}

/// <summary>Puts a space into the identifier's leading trivia of the next token, where the parser puts it behind the one before.</summary>
public sealed class MisplacesTriviaFix : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => [UnderscoreAnalyzer.Id];

    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        context.RegisterCodeFix(
            CodeAction.Create(
                "Misplace",
                async token =>
                {
                    var root = (await context.Document.GetSyntaxRootAsync(token))!;
                    var type = (ClassDeclarationSyntax)root.FindNode(context.Span);
                    var changed = type
                        .WithIdentifier(SyntaxFactory.Identifier(type.Identifier.Text[1..]).WithTriviaFrom(type.Identifier))
                        .WithOpenBraceToken(type.OpenBraceToken.WithLeadingTrivia(SyntaxFactory.Space));
                    return context.Document.WithSyntaxRoot(root.ReplaceNode(type, changed));
                },
                "misplace"),
            context.Diagnostics);
        return Task.CompletedTask;
    }
}

/// <summary>Fixes class _A alone.</summary>
public sealed class OnlyFirstFix : UnderscoreFix
{
    public override FixAllProvider? GetFixAllProvider() => null;

    public override Task RegisterCodeFixesAsync(CodeFixContext context)
        => context.Diagnostics[0].GetMessage().Contains("_A") ? base.RegisterCodeFixesAsync(context) : Task.CompletedTask;
}

public sealed class FixForOtherId : UnderscoreFix
{
    public override ImmutableArray<string> FixableDiagnosticIds => ["OTHER1"];

    public override Task RegisterCodeFixesAsync(CodeFixContext context) => throw new NotSupportedException("asked about a diagnostic it does not fix");
}

public sealed class ChangesNothingFix : UnderscoreFix
{
    protected override IEnumerable<(string Title, string Key, Func<string, string> NewName)> Offers => [("Change nothing", "nothing", name => name)];
}

/// <summary>Adds an underscore instead of removing it.</summary>
public sealed class GrowingFix : UnderscoreFix
{
    protected override IEnumerable<(string Title, string Key, Func<string, string> NewName)> Offers => [("Grow", "grow", name => "_" + name)];
}

/// <summary>Removes the unused field of a compiler warning.</summary>
public sealed class UnusedFieldFix : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => ["CS0169"];

    public override Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        context.RegisterCodeFix(
            CodeAction.Create(
                "Remove",
                async token =>
                {
                    var root = (await context.Document.GetSyntaxRootAsync(token))!;
                    var field = root.FindNode(context.Span).FirstAncestorOrSelf<FieldDeclarationSyntax>()!;
                    return context.Document.WithSyntaxRoot(root.RemoveNode(field, SyntaxRemoveOptions.KeepNoTrivia)!);
                },
                "remove"),
            context.Diagnostics);
        return Task.CompletedTask;
    }
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

/// <summary>Fix All gives other names than the single fix.</summary>
public sealed class OtherWayFixAllFix : UnderscoreFix
{
    public override FixAllProvider? GetFixAllProvider() => FixAllProvider.Create(
        async (context, document, diagnostics) => await RenameAsync(document, diagnostics.Single(), name => "Batch" + name[1..], context.CancellationToken));
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
