namespace GradLint.Analyzers.Framework;

/// <summary>A rule over a model as extracted and predicted; run by the model analyzer, once for each model root.</summary>
public interface IModelRule : IRule
{
    void Check(ModelRuleContext context);
}
