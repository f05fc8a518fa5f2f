using Microsoft.CodeAnalysis.CodeRefactorings;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>One-line refactoring tests.</summary>
public class CodeRefactoringVerifier<TCodeRefactoring, TTest, TVerifier>
    where TCodeRefactoring : CodeRefactoringProvider, new()
    where TTest : CodeRefactoringTest<TVerifier>, new()
    where TVerifier : IVerifier, new()
{
    public static Task VerifyRefactoringAsync(string source, string fixedSource) => VerifyRefactoringAsync(source, [], fixedSource);

    public static Task VerifyRefactoringAsync(string source, DiagnosticResult expected, string fixedSource) => VerifyRefactoringAsync(source, [expected], fixedSource);

    /// <param name="expected">In addition to what markup in <paramref name="source"/> expects.</param>
    public static Task VerifyRefactoringAsync(string source, DiagnosticResult[] expected, string fixedSource)
    {
        var test = new TTest { TestCode = source, FixedCode = fixedSource };
        test.ExpectedDiagnostics.AddRange(expected);
        return test.RunAsync(CancellationToken.None);
    }
}
