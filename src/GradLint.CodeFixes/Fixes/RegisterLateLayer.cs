using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace GradLint.CodeFixes.Fixes;

/// <summary>
/// GL6003: registration moved to the end of the constructor; where a base constructor has registered, the layer is
/// registered by name right after it is assigned.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RegisterLateLayer))]
public sealed class RegisterLateLayer() : GradLintFix(RuleIds.AssignedAfterRegistration)
{
    protected override async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var solution = document.Project.Solution;
        if (diagnostic.AdditionalLocations.Count == 0
            || await CodeSite.AtAsync(solution, diagnostic.Location, cancellationToken).ConfigureAwait(false) is not { } layer
            || await CodeSite.AtAsync(solution, diagnostic.AdditionalLocations[0], cancellationToken).ConfigureAwait(false) is not { } registration
            || layer.Node.FirstAncestorOrSelf<ConstructorDeclarationSyntax>() is not { Body: not null } constructor)
        {
            return [];
        }

        if (registration.Node.FirstAncestorOrSelf<ExpressionStatementSyntax>() is { } call && call.Parent == constructor.Body)
            return [Move(constructor, call)];
        if (layer.Node is AssignmentExpressionSyntax { Parent: ExpressionStatementSyntax { Parent: BlockSyntax } statement } assignment
            && layer.Model.GetSymbolInfo(assignment.Left, cancellationToken).Symbol is IFieldSymbol or IPropertySymbol
            && !registration.Node.Ancestors().Contains(constructor))
        {
            return [RegisterByName(statement, assignment, layer, cancellationToken)];
        }

        return [];
    }

    private static Remedy Move(ConstructorDeclarationSyntax constructor, ExpressionStatementSyntax registration) => new(
        "move",
        $"Move {registration.Expression} to the end of the constructor",
        async (edit, cancellationToken) =>
        {
            if (await edit.EditorAsync(constructor.SyntaxTree, cancellationToken).ConfigureAwait(false) is not { } editor || !edit.IsFirst(constructor))
                return;
            var statements = constructor.Body!.Statements.Remove(registration);
            var moved = registration.WithLeadingTrivia(registration.GetLeadingTrivia().Where(trivia => !trivia.IsKind(SyntaxKind.EndOfLineTrivia)));
            editor.ReplaceNode(constructor.Body, constructor.Body.WithStatements(statements.Add(moved)));
        });

    private static Remedy RegisterByName(StatementSyntax statement, AssignmentExpressionSyntax assignment, CodeSite site, CancellationToken cancellationToken)
    {
        var name = ((SimpleNameSyntax)(assignment.Left is MemberAccessExpressionSyntax access ? access.Name : assignment.Left)).Identifier.ValueText;
        var method = site.Types.IsModule(site.Model.GetTypeInfo(assignment.Left, cancellationToken).Type)
            ? TorchSharpNames.ModuleMembers.RegisterModule
            : TorchSharpNames.ModuleMembers.RegisterParameter;
        var call = $"{method}(nameof({name}), {name});";
        return new("register", $"Add '{call}'", async (edit, token) =>
        {
            if (await edit.EditorAsync(statement.SyntaxTree, token).ConfigureAwait(false) is { } editor && edit.IsFirst(statement))
                editor.InsertAfter(statement, ConstructorEdits.Statement(call));
        });
    }
}
