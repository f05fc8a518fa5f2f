namespace GradLint.Analyzers.Framework;

/// <summary>A rule over the code that trains a model; run by <see cref="TrainingLoopAnalyzer"/>, once for each body of code.</summary>
internal interface ITrainingLoopRule : IRule
{
    void Check(TrainingLoopContext context);
}
