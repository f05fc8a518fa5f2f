using System.Globalization;
using System.Text.RegularExpressions;

namespace GradLint.Proof.Measures;

/// <summary>
/// The gradient of the weight matrix that is farthest from the output layer's, over that of the output layer: geometric
/// mean over weight seeds. Mended, it lies in the band.
/// </summary>
internal sealed partial record GradientRatio : Measure
{
    private const int Seeds = 3;
    private const double Min = 1e-3;
    private const double Max = 1e3;

    /// <summary>A promise is kept within half a decade.</summary>
    private const double Tolerance = 0.5;

    public override string Name => "gradient ratio";

    public override double Of(RunningModel model, AppliedFix? fix = null) => ByLayer(model, fix).Values.MaxBy(ratio => Math.Abs(Math.Log10(ratio)));

    /// <summary>Whether the fault can be one of structure or of half a decade, with the ratio in the band all the same.</summary>
    public bool MayBeInBand { get; init; }

    public override bool IsFaulty(double value) => MayBeInBand || !IsMended(value, value);

    public override bool IsMended(double before, double after) => after is >= Min and <= Max;

    /// <summary>The title ends in <c>before → after</c>: the ratio of the layer that the message names, or where it is gone, of the first or the farthest.</summary>
    public override bool? IsAsPromised(RunningModel model, AppliedFix fix)
    {
        if (Promise().Match(fix.Title) is not { Success: true } promise)
            return null;
        var layers = ByLayer(model, fix);
        var promised = Math.Log10(double.Parse(promise.Groups[1].Value, CultureInfo.InvariantCulture));
        var name = Quoted().Match(fix.Message).Groups[1].Value;
        var named = layers.Where(layer => layer.Key == name || Unwrapped(layer.Key) == name).Select(layer => layer.Value).ToArray();
        return (named.Length > 0 ? named : [layers.Values.First(), Of(model, fix)]).Any(measured => Math.Abs(promised - Math.Log10(measured)) <= Tolerance);
    }

    /// <summary>The name that a layer had before a block was put around it: <c>l1.block2.branch.fc</c> was <c>l1.fc</c>.</summary>
    private static string Unwrapped(string path) => string.Join(".", path.Split('.').Where(part => part is not ("branch" or "transform") && !part.StartsWith("block", StringComparison.Ordinal)));

    private static Dictionary<string, double> ByLayer(RunningModel model, AppliedFix? fix)
    {
        // In ReZero the gradient of a branch is exactly 0 in the first step: the title says after how many it is meant.
        var steps = fix is not null && Steps().Match(fix.Title) is { Success: true } later ? int.Parse(later.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
        return Enumerable.Range(1, Seeds)
            .SelectMany(seed => model.Measure(seed, steps).Layers)
            .Where(layer => layer.Ratio is not null)
            .GroupBy(layer => layer.Path)
            .ToDictionary(layer => layer.Key, layer => Math.Pow(10, layer.Average(seed => Math.Log10(Math.Max(seed.Ratio!.Value, 1e-45)))));
    }

    [GeneratedRegex(@"→ ([0-9.]+(?:E[+-]?[0-9]+)?)(?: after [0-9]+ steps)?\)?$")]
    private static partial Regex Promise();

    [GeneratedRegex(@" after ([0-9]+) steps\)$")]
    private static partial Regex Steps();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();
}
