using GradLint.CodeFixes.Framework;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL6004: the field and its assignments removed, where that is all there is of it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveUnusedLayer))]
public sealed class RemoveUnusedLayer() : SiteFix(RuleIds.LayerNeverUsed)
{
    private protected override IReadOnlyList<Remedy> Remedies(CodeSite site, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (site.Node.FirstAncestorOrSelf<VariableDeclaratorSyntax>() is not { Parent: VariableDeclarationSyntax { Parent: FieldDeclarationSyntax field } declaration } variable
            || site.Model.GetDeclaredSymbol(variable, cancellationToken) is not { } symbol
            || symbol.ContainingType.DeclaringSyntaxReferences.Length != 1)
        {
            return [];
        }

        var uses = field.Parent!.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == symbol.Name && SymbolEqualityComparer.Default.Equals(site.Model.GetSymbolInfo(name, cancellationToken).Symbol, symbol))
            .ToArray();
        var assignments = uses.Select(Assignment).ToArray();
        if (assignments.Any(statement => statement is null))
            return [];
        return
        [
            Remedy.At(variable, "remove", $"Remove '{symbol.Name}'", editor =>
            {
                editor.RemoveNode(declaration.Variables.Count == 1 ? field : variable);
                foreach (var statement in assignments)
                    editor.RemoveNode(statement!);
            }),
        ];
    }

    /// <summary>The statement <c>field = …;</c>, when that is what the use is.</summary>
    private static StatementSyntax? Assignment(IdentifierNameSyntax use)
    {
        ExpressionSyntax target = use.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access ? access : use;
        return target.Parent is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression, Parent: ExpressionStatementSyntax { Parent: BlockSyntax } statement } assignment
            && assignment.Left == target ? statement : null;
    }
}
