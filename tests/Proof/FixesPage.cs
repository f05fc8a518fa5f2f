using System.Globalization;
using System.Text;
using GradLint.Proof.Training;

namespace GradLint.Proof;

/// <summary>docs/fixes.md: every number in it comes from running the models.</summary>
internal static class FixesPage
{
    public static string Create(IReadOnlyList<TrainedFix> trained, IReadOnlyList<ProvenFix> proven)
    {
        var page = new StringBuilder();
        page.Append($"""
            # What the fixes do

            Written by `dotnet run --project build -- fixes`, which runs everything below: faulty models are analysed, mended by the
            fixes on offer, compiled, run and measured again.

            ## Trained

            The same training before and after the best fix, one run each. An error below 0.001 is that of a solved problem: with enough
            steps of Adam an LSTM opens its forget gates by itself.

            | Rule | Model | Best fix | Before | After |
            |---|---|---|---:|---:|

            """);
        foreach (var task in trained.GroupBy(row => row.Task))
        {
            page.AppendLine($"| | **{task.Key}** | | | |");
            foreach (var row in task)
                page.AppendLine($"| {Link(row.RuleId)} | {row.Model} | {Escaped(row.Fix)} | {row.Before} | {row.After} |");
        }

        page.AppendLine();
        page.Append($"""
            ## Measured

            {proven.Select(fix => fix.Case.Name).Distinct().Count()} faulty models, {proven.Count} fixes: every fix on offer, not only the best one, is held to the measure of its rule. *Gradient ratio*: of
            the layer farthest from the output layer's gradient, geometric mean over weight seeds; in the band from 1e-3 to 1e3 once
            mended. *Memory horizon*: steps until the gradient of the last output has fallen to 1e-3. What a title promises is kept
            within half a decade for a ratio, within a quarter for a horizon. *Error at the logits*: how far ∂L/∂z is from softmax(z) − y,
            or σ(z) − y, as a share of it; ∞ where the program throws.

            | Rule | Model | Fix | Measure | Before | After | Holds |
            |---|---|---|---|---:|---:|---|

            """);
        foreach (var fix in proven)
            page.AppendLine($"| {Link(fix.Case.RuleId)} | {fix.Case.Form} | {Escaped(fix.Fix.Title)} | {fix.Case.Measure.Name} | {Number(fix.Before)} | {Number(fix.After)} | {(fix.Holds ? "yes" : "**no**")} |");
        return page.ToString().ReplaceLineEndings("\n");
    }

    private static string Link(string ruleId) => $"[{ruleId}](rules/{ruleId}.md)";

    private static string Escaped(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static string Number(double value) => double.IsPositiveInfinity(value) ? "∞" : value.ToString("G3", CultureInfo.InvariantCulture);
}
