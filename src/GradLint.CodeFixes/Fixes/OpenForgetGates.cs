using GradLint.Analyzers.Framework;
using GradLint.CodeFixes.Framework;
using GradLint.Core.Propagation.Counterfactuals;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL3004: forget gates that start open.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(OpenForgetGates))]
public sealed class OpenForgetGates() : GradLintFix(RuleIds.ForgetGateBiasNearZero)
{
    protected override async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var solution = document.Project.Solution;
        if (await CodeSite.AtAsync(solution, diagnostic.AdditionalLocations[0], cancellationToken).ConfigureAwait(false) is not { } site
            || await RecurrentForm.AtAsync(site, solution, cancellationToken).ConfigureAwait(false) is not { Holder: { } holder } form
            || holder.Appender(cancellationToken) is not { } appender)
        {
            return [];
        }

        var predicted = RecurrentFindings.Remedies(diagnostic.Properties).FirstOrDefault();
        var promise = predicted is null ? "" : $": {RecurrentFindings.Promise(diagnostic.Properties, predicted)}";
        return
        [
            new("one", $"Set the forget-gate bias to 1{promise}", async (edit, token) =>
            {
                if (edit.IsFirst(form.Creation))
                    await appender(edit, (lstm, free) => [ForgetGateBlock.For(lstm, ForgetBias.Of(1), free)], token).ConfigureAwait(false);
            }),
        ];
    }
}
