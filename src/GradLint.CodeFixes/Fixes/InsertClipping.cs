using GradLint.Analyzers.Training;
using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL3001: <c>clip_grad_norm_(model.parameters(), …);</c> right before the step, so that it follows every backward.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(InsertClipping))]
public sealed class InsertClipping() : GradLintFix(RuleIds.RecurrentWithoutClipping)
{
    protected override async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var site = await CodeSite.AtAsync(document.Project.Solution, diagnostic.Location, cancellationToken).ConfigureAwait(false);

        // A closure steps several times within the call.
        if (site?.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { ArgumentList.Arguments.Count: 0 } step
            || StatementPlace.Of(step) is not { Statement: ExpressionStatementSyntax } place
            || (await ModelAsync(step, site.Model, document.Project.Solution, diagnostic, cancellationToken).ConfigureAwait(false) ?? Optimizer(step, site.Model)) is not { } owner
            || QualifiedName.Shortest(TorchSharpNames.Types.NNUtils, step.SpanStart, site.Model) is not { } utils
            || !diagnostic.Properties.TryGetValue(ClipProperties.Norm, out var norm))
        {
            return [];
        }

        var call = $"{utils}.{TorchSharpNames.Functions.ClipGradNorm}({owner.WithoutTrivia()}.{TorchSharpNames.ModuleMembers.Parameters}(), {norm})";
        return
        [
            Remedy.At(place.Statement, "clip", $"Clip the gradient norm at {norm} before the step", editor => place.InsertBefore(editor, ConstructorEdits.Statement(call + ";"))),
        ];
    }

    /// <summary>The one model that is trained, as the optimizer's making names it, where that name is known at the step too.</summary>
    private static async Task<ExpressionSyntax?> ModelAsync(
        SyntaxNode step, SemanticModel atStep, Solution solution, Diagnostic diagnostic, CancellationToken cancellationToken) =>
        diagnostic.AdditionalLocations.Count == 1
        && await CodeSite.AtAsync(solution, diagnostic.AdditionalLocations[0], cancellationToken).ConfigureAwait(false) is { Node: ExpressionSyntax model } taken
        && IsKnownAt(step, atStep, model, taken.Model)
            ? model
            : null;

    /// <summary>The optimizer that steps: it has the parameters of all its models.</summary>
    private static ExpressionSyntax? Optimizer(InvocationExpressionSyntax step, SemanticModel model) =>
        step.Expression is MemberAccessExpressionSyntax { Expression: { } optimizer }
        && optimizer.DescendantNodesAndSelf().All(node => node is IdentifierNameSyntax or MemberAccessExpressionSyntax or ThisExpressionSyntax)
        && model.Compilation.GetTypeByMetadataName(TorchSharpNames.Types.Optimizer) is { } type
        && model.Compilation.ClassifyCommonConversion(model.GetTypeInfo(optimizer).Type!, type) is { IsImplicit: true }
            ? optimizer
            : null;

    /// <summary>Whether the expression means at the step what it means where the optimizer is made.</summary>
    private static bool IsKnownAt(SyntaxNode step, SemanticModel model, ExpressionSyntax expression, SemanticModel itsModel) =>
        itsModel.GetSymbolInfo(expression).Symbol is { } symbol
        && SymbolEqualityComparer.Default.Equals(symbol, model.GetSpeculativeSymbolInfo(step.SpanStart, expression.WithoutTrivia(), SpeculativeBindingOption.BindAsExpression).Symbol)
        && (symbol is not ILocalSymbol and not IParameterSymbol || CanCapture(step, expression));

    /// <summary>The locals of a program's top level are in sight of its types, but not theirs to use; nor are those around a static function.</summary>
    private static bool CanCapture(SyntaxNode step, SyntaxNode declared)
    {
        for (var node = step; node is not null; node = node.Parent)
        {
            if (node.Span.Contains(declared.Span) && node is BlockSyntax or CompilationUnitSyntax or BaseMethodDeclarationSyntax)
                return true;
            if (node is BaseTypeDeclarationSyntax || node is LocalFunctionStatementSyntax function && function.Modifiers.Any(SyntaxKind.StaticKeyword))
                return false;
        }

        return false;
    }
}
