using GradLint.Build.Verbs;

namespace GradLint.EndToEnd;

public sealed class TestProjectTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [Fact]
    public void ResultsFile_IsCountedWithFixtureErrors()
    {
        var results = folder.Write("results.xml", """
            <assemblies>
              <assembly>
                <errors><error name="Tests.Fixture"><failure><message>disposed twice</message></failure></error></errors>
                <collection>
                  <test name="Tests.Adds" result="Pass" />
                  <test name="Tests.Says(text: \&quot;a\&quot;)" result="Fail"><failure><message>1 is not 2</message><stack-trace>at Tests.Says</stack-trace></failure></test>
                  <test name="Tests.Needs" result="Skip"><reason>no GPU</reason></test>
                  <test name="Tests.Slow" result="NotRun" />
                </collection>
              </assembly>
            </assemblies>
            """);

        var result = TestProject.Read(results);

        Assert.Equal(new TestCounts(Passed: 1, Failed: 2, Skipped: 1), result.Counts);
        Assert.Equal([new("Tests.Says(text: \"a\")", "1 is not 2\nat Tests.Says"), new("Tests.Fixture", "disposed twice")], result.Failures);
        Assert.Equal([new("Tests.Needs", "no GPU")], result.Skips);
    }

    [Fact]
    public void TestProgramThatDies_IsAFailure()
    {
        folder.Write("bin/Debug/net10.0/Absent.Tests.deps.json", "{}");

        var result = TestProject.Run(Path.Combine(folder.Path, "Absent.Tests.csproj"), Path.Combine(folder.Path, "results.xml"), fast: false, filter: null);

        Assert.Equal(new TestCounts(Passed: 0, Failed: 1, Skipped: 0), result.Counts);
        Assert.Contains("exit code", Assert.Single(result.Failures).Message);
    }

    [Fact]
    public void TruncatedResultsFile_HoldsNothing() =>
        Assert.Equal(default, TestProject.Read(folder.Write("results.xml", "<assemblies><assembly>")).Counts);

    public void Dispose() => folder.Dispose();
}
