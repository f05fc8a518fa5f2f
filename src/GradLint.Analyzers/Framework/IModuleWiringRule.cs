namespace GradLint.Analyzers.Framework;

/// <summary>A rule over a module type: its fields, constructors and registration; run by <see cref="ModuleWiringAnalyzer"/>, once for each type.</summary>
internal interface IModuleWiringRule : IRule
{
    void Check(ModuleWiringContext context);
}
