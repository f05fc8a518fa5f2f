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
/// registered by name right after it is assigned. A property that makes a layer anew becomes one that keeps it.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RegisterLateLayer))]
public sealed class RegisterLateLayer() : GradLintFix(RuleIds.AssignedAfterRegistration)
{
    protected override async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var solution = document.Project.Solution;
        if (diagnostic.AdditionalLocations.Count == 0)
            return await CodeSite.AtAsync(solution, diagnostic.Location, cancellationToken).ConfigureAwait(false) is { } made ? Keep(made, cancellationToken) : [];
        if (await CodeSite.AtAsync(solution, diagnostic.Location, cancellationToken).ConfigureAwait(false) is not { } layer
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

    private static IReadOnlyList<Remedy> Keep(CodeSite site, CancellationToken cancellationToken)
    {
        // An initialiser sees no other member of the object.
        if (site.Node.FirstAncestorOrSelf<PropertyDeclarationSyntax>() is not { ExpressionBody: { } body } property
            || body.DescendantNodes().Any(node => node is ThisExpressionSyntax or BaseExpressionSyntax)
            || body.DescendantNodes().OfType<SimpleNameSyntax>().Select(name => site.Model.GetSymbolInfo(name, cancellationToken).Symbol)
                .Any(symbol => symbol is { IsStatic: false } and (IFieldSymbol or IPropertySymbol or IMethodSymbol { MethodKind: MethodKind.Ordinary }) && IsOfTheType(symbol)))
        {
            return [];
        }

        return
        [
            new("keep", "Keep the layer: '{ get; } ='", async (edit, token) =>
            {
                if (await edit.EditorAsync(property.SyntaxTree, token).ConfigureAwait(false) is not { } editor || !edit.IsFirst(property))
                    return;
                var getter = SyntaxFactory.AccessorList(SyntaxFactory.SingletonList(
                    SyntaxFactory.AccessorDeclaration(SyntaxKind.GetAccessorDeclaration).WithSemicolonToken(SyntaxFactory.Token(SyntaxKind.SemicolonToken))));
                editor.ReplaceNode(property, property
                    .WithExpressionBody(null)
                    .WithAccessorList(getter)
                    .WithInitializer(SyntaxFactory.EqualsValueClause(body.Expression))
                    .WithAdditionalAnnotations(Formatter.Annotation));
            }),
        ];

        bool IsOfTheType(ISymbol symbol) => site.Model.GetDeclaredSymbol(property, cancellationToken) is { ContainingType: { } type }
            && SymbolEqualityComparer.Default.Equals(symbol.ContainingType, type);
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
        return Remedy.At(statement, "register", $"Add '{call}'", editor => editor.InsertAfter(statement, ConstructorEdits.Statement(call)));
    }
}
