using System.Globalization;
using System.Text.RegularExpressions;
using GradLint.Analyzers.Framework;
using GradLint.Core.Model;
using GradLint.Core.Propagation;
using GradLint.Core.Propagation.Counterfactuals;
using GradLint.Core.Rules;
using GradLint.Proof;

namespace GradLint.CodeFixes.Tests.Proof;

/// <summary>The ratio that a title promises is the one that the mended code is predicted to have when the analyzers read it anew.</summary>
public partial class PromiseTests
{
    private static readonly string[] Rules =
    [
        RuleIds.VanishingGradient, RuleIds.ExplodingGradient, RuleIds.DefaultInitializationStarvesDepth,
        RuleIds.InitializerMismatchesActivation, RuleIds.InitialScaleFarFromCritical, RuleIds.DeepPlainStack,
    ];

    public static TheoryData<string> Cases => [.. ProofCases.All.Where(proofCase => Rules.Contains(proofCase.RuleId)).Select(proofCase => proofCase.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task EveryTitle_PromisesWhatTheMendedCodeIsPredictedToHave(string name)
    {
        var proofCase = ProofCases.All.Single(proofCase => proofCase.Name == name);
        var program = ModelProgram.Of(proofCase);
        var finding = (await program.FindingsAsync(proofCase.RuleId))[0];
        var parameter = int.Parse(finding.Properties[FixProperties.Parameter]!, CultureInfo.InvariantCulture);
        var fixes = await program.FixesAsync(finding);
        Assert.NotEmpty(fixes);
        foreach (var fix in fixes)
        {
            var promise = Promise().Match(fix.Title);
            Assert.True(promise.Success, fix.Title);
            var place = (await program.ModelsAsync()).Where(model => Ratio(model, parameter) == promise.Groups["before"].Value).Select(model => Matrix(model, parameter)).First();
            var mended = await program.ApplyAsync(fix);
            var models = (await mended.ModelsAsync()).Select(model => promise.Groups["steps"].Success ? Begun(model) : model);
            var ratios = models.Select(model => Ratio(model, Parameter(model, place))).ToArray();
            Assert.True(ratios.Contains(promise.Groups["after"].Value), $"{fix.Title}, but {string.Join(", ", ratios)} in:\n{await mended.TextAsync()}");
        }
    }

    private static string? Ratio(ModelGraph model, int? parameter) =>
        Predictor.Predict(model, PredictionOptions.Default).Parameters.Where(candidate => candidate.Index == parameter)
            .Select(candidate => GradientFormat.Ratio(Math.Pow(10, candidate.Log10GradientRatio.Value))).FirstOrDefault();

    /// <summary>The model after ten steps of Adam at its default rate: what began at 0 is 0.01.</summary>
    private static ModelGraph Begun(ModelGraph model) => model.WithInitialization(
        [.. Enumerable.Range(0, model.Parameters.Count).Where(index => model.Parameters[index].Path.EndsWith(".alpha", StringComparison.Ordinal))], Initialization.DefaultConstant(0.01));

    /// <summary>Which matrix a parameter is: edits add none but gates and leave their order.</summary>
    private static int Matrix(ModelGraph model, int parameter) => model.Parameters.Take(parameter).Count(candidate => candidate.Shape.Count >= 2);

    private static int? Parameter(ModelGraph model, int matrix) => Enumerable.Range(0, model.Parameters.Count)
        .Where(index => model.Parameters[index].Shape.Count >= 2 && !model.Parameters[index].Path.EndsWith("gate.weight", StringComparison.Ordinal)).Cast<int?>().ElementAtOrDefault(matrix);

    [GeneratedRegex(@"\(predicted gradient ratio (?<before>\S+) → (?<after>\S+?)(?<steps> after 10 steps)?\)$")]
    private static partial Regex Promise();
}
