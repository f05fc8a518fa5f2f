using GradLint.Analyzers.Framework;
using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL1008: a bias of 0 where the code sets another, or LeakyReLU.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReviveUnits))]
public sealed class ReviveUnits() : GradLintFix(RuleIds.DeadUnitsAtInitialization)
{
    protected override async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var remedies = new List<Remedy>();
        var solution = document.Project.Solution;
        if (diagnostic.Properties.ContainsKey(FixProperties.BiasSite)
            && await CodeSite.AtAsync(solution, diagnostic.AdditionalLocations[1], cancellationToken).ConfigureAwait(false) is { } bias
            && InitializerCall.At(bias, cancellationToken) is { } call)
        {
            remedies.Add(Remedy.At(call.Call, "zero_bias", "Set the bias to 0", editor => editor.ReplaceNode(call.Call, call.With(TorchSharpNames.Initializers.Zeros))));
        }

        if (await CodeSite.AtAsync(solution, diagnostic.AdditionalLocations[0], cancellationToken).ConfigureAwait(false) is { } site
            && ActivationForm.At(site, cancellationToken) is { } form && form.Allows(LayerKind.LeakyReLU, cancellationToken))
        {
            remedies.Add(new("leaky_relu", "Use LeakyReLU", async (edit, token) =>
            {
                if (await edit.EditorAsync(form.Node.SyntaxTree, token).ConfigureAwait(false) is { } editor)
                    form.Replace(LayerKind.LeakyReLU, edit, editor, token);
            }));
        }

        return remedies;
    }
}
