using GradLint.Analyzers.Framework;
using GradLint.CodeFixes.Framework;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL1005: φ(x + f(x)) becomes x + φ(f(x)).</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MoveActivationIntoBranch))]
public sealed class MoveActivationIntoBranch() : GradLintFix(RuleIds.SaturatingResidualStream)
{
    protected override async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var branches = diagnostic.Properties[FixProperties.BranchSummands]!;
        var applications = new List<(Application Activation, BinaryExpressionSyntax Sum, bool BranchIsRight)>();
        for (var i = 0; i < branches.Length; i++)
        {
            // The activation's construction comes first, then its uses.
            if (await CodeSite.AtAsync(document.Project.Solution, diagnostic.AdditionalLocations[i + 1], cancellationToken).ConfigureAwait(false) is not { } site
                || Application.At(site, cancellationToken) is not { Input: BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } sum } activation)
            {
                return [];
            }

            applications.Add((activation, sum, branches[i] == '1'));
        }

        return
        [
            new("branch", "Apply the activation inside the branch", async (edit, token) =>
            {
                foreach (var (activation, sum, branchIsRight) in applications.Where(application => edit.IsFirst(application.Activation.Call)))
                {
                    if (await edit.EditorAsync(activation.Call.SyntaxTree, token).ConfigureAwait(false) is not { } editor)
                        continue;
                    var branch = branchIsRight ? sum.Right : sum.Left;
                    var inside = activation.To(branch.WithoutTrivia()).WithTriviaFrom(branch);
                    var moved = branchIsRight ? sum.WithRight(inside) : sum.WithLeft(inside);
                    editor.ReplaceNode(activation.Call, Application.InParentheses(moved.WithoutTrivia()).WithTriviaFrom(activation.Call));
                }
            }),
        ];
    }
}
