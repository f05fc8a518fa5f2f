using Microsoft.CodeAnalysis;

namespace GradLint.CodeFixes.Framework;

/// <summary>The base of the fixes that start from one place in the code.</summary>
/// <param name="ruleId">The rule.</param>
/// <param name="place">Which of a finding's additional locations that is; −1 for the place that it is reported at.</param>
public abstract class SiteFix(string ruleId, int place = -1) : GradLintFix(ruleId)
{
    protected sealed override async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var location = place < 0 ? diagnostic.Location : diagnostic.AdditionalLocations.ElementAtOrDefault(place);
        return location is not null && await CodeSite.AtAsync(document.Project.Solution, location, cancellationToken).ConfigureAwait(false) is { } site ? Remedies(site, diagnostic, cancellationToken) : [];
    }

    /// <inheritdoc cref="GradLintFix.RemediesAsync"/>
    private protected abstract IReadOnlyList<Remedy> Remedies(CodeSite site, Diagnostic diagnostic, CancellationToken cancellationToken);
}
