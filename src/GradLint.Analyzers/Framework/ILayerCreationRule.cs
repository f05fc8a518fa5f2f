namespace GradLint.Analyzers.Framework;

/// <summary>A rule over code that makes layers, in whatever type; run by <see cref="ModuleWiringAnalyzer"/>, once for each body of code.</summary>
internal interface ILayerCreationRule : IRule
{
    void Check(LayerCreationContext context);
}
