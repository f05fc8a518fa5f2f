namespace GradLint.Analyzers.Framework;

/// <summary>A rule over a model as extracted and predicted; run by <see cref="ModelAnalyzer"/>, once for each model root.</summary>
public interface IModelRule : IRule
{
    void Check(ModelRuleContext context);
}
