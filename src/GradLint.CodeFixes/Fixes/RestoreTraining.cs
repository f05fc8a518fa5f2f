using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL5006: <c>model.train();</c> at the start of the training loop, where the loop can name the model.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RestoreTraining))]
public sealed class RestoreTraining() : GradLintFix(RuleIds.EvalNeverUndone)
{
    protected override async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var eval = await CodeSite.AtAsync(document.Project.Solution, diagnostic.Location, cancellationToken).ConfigureAwait(false);
        if (eval?.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { Expression: MemberAccessExpressionSyntax { Expression: { } model } }
            || diagnostic.AdditionalLocations.Count == 0
            || await CodeSite.AtAsync(document.Project.Solution, diagnostic.AdditionalLocations[0], cancellationToken).ConfigureAwait(false) is not { } loop
            || StatementPlace.BodyOf(loop.Node.FirstAncestorOrSelf<StatementSyntax>()) is not { Statements.Count: > 0 } body
            || eval.Model.GetSymbolInfo(model, cancellationToken).Symbol is not { } symbol
            || !SymbolEqualityComparer.Default.Equals(symbol, loop.Model.GetSpeculativeSymbolInfo(body.SpanStart, model.WithoutTrivia(), SpeculativeBindingOption.BindAsExpression).Symbol))
        {
            return [];
        }

        var call = $"{model.WithoutTrivia()}.{TorchSharpNames.ModuleMembers.Train}();";
        return
        [
            Remedy.At(body, "train", $"Call '{call.TrimEnd(';')}' at the start of the loop", editor => new StatementPlace(body.Statements[0]).InsertBefore(editor, ConstructorEdits.Statement(call))),
        ];
    }
}
