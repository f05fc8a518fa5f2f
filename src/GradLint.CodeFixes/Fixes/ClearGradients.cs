using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Fixes;

/// <summary>
/// GL5001: <c>optimizer.zero_grad();</c> at the start of the loop whose body steps in each turn; after the step where it
/// is conditional (gradients are accumulated until then) or the loop is elsewhere.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ClearGradients))]
public sealed class ClearGradients() : SiteFix(RuleIds.GradientsNeverCleared)
{
    private protected override IReadOnlyList<Remedy> Remedies(CodeSite site, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (site.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { ArgumentList.Arguments.Count: 0, Expression: MemberAccessExpressionSyntax { Expression: { } optimizer } } step
            || StatementPlace.Of(step) is not { } place
            || place.Statement is not ExpressionStatementSyntax)
        {
            return [];
        }

        var statement = ConstructorEdits.Statement($"{optimizer.WithoutTrivia()}.{TorchSharpNames.OptimizerMembers.ZeroGrad}();");
        var start = StartOfTheTurn(place, optimizer, site.Model);
        var title = start is null ? $"Clear the gradients after '{step.WithoutTrivia()}'" : "Clear the gradients at the start of the loop";
        return
        [
            Remedy.At(place.Statement, "clear", title, editor =>
            {
                if (start is not null)
                    start.InsertBefore(editor, statement);
                else
                    place.InsertAfter(editor, statement);
            }),
        ];
    }

    /// <summary>The first statement of the loop's body, when the step is one of its statements and the optimizer is known before it.</summary>
    private static StatementPlace? StartOfTheTurn(StatementPlace step, ExpressionSyntax optimizer, SemanticModel model)
    {
        if (step.List is not BlockSyntax { Parent: ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax } body)
            return null;
        var declared = optimizer.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>()
            .Select(name => model.GetSymbolInfo(name).Symbol)
            .OfType<ILocalSymbol>()
            .SelectMany(local => local.DeclaringSyntaxReferences)
            .Any(reference => body.Span.Contains(reference.Span));
        return declared ? null : new(body.Statements.First(statement => !ClearsGradients(statement)));
    }

    /// <summary>Another optimizer's, of which this one's becomes the neighbour.</summary>
    private static bool ClearsGradients(StatementSyntax statement) =>
        statement is ExpressionStatementSyntax
        {
            Expression: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: TorchSharpNames.OptimizerMembers.ZeroGrad } },
        };
}
