using GradLint.Core.Model;

namespace GradLint.Analyzers.Tests.Extraction;

/// <summary>
/// The proof of the extraction: the same source, read and run, must name the same parameters with the same shapes in the
/// same order, and apply the same layers in the same order.
/// </summary>
internal static class ReadAsItRuns
{
    /// <param name="source">Declares <c>Model</c>.</param>
    /// <param name="inputs">The arguments of a call of its <c>forward</c>, as C#.</param>
    /// <param name="status">How much of it the extractor must have read.</param>
    public static ModelGraph AssertReadAsItRuns(string source, string inputs = "randn(2, 4)", GraphStatus status = GraphStatus.Known)
    {
        var program = ModelProgram.Of(source, $$"""
            public static class Data
            {
                public static object[] Inputs() => new object[] { {{inputs}} };
            }
            """);
        var running = program.Run();
        var graph = program.Extract();

        Assert.True(running.Parameters().SequenceEqual(graph.Parameters()), $"""
            run:  {string.Join(" ", running.Parameters())}
            read: {graph.Describe()}
            """);
        Assert.True(running.FiredHooks().SequenceEqual(graph.LayerOrder()), $"""
            run:  {string.Join(" ", running.FiredHooks())}
            read: {graph.Describe()}
            """);
        Assert.True(graph.Status == status, graph.Describe());
        return graph;
    }
}
