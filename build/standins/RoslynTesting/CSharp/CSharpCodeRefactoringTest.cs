using Microsoft.CodeAnalysis.CodeRefactorings;
using Microsoft.CodeAnalysis.Testing;

namespace Microsoft.CodeAnalysis.CSharp.Testing;

public class CSharpCodeRefactoringTest<TCodeRefactoring, TVerifier> : CodeRefactoringTest<TVerifier>
    where TCodeRefactoring : CodeRefactoringProvider, new()
    where TVerifier : IVerifier, new()
{
    public override string Language => LanguageNames.CSharp;

    public override Type SyntaxKindType => typeof(SyntaxKind);

    protected override string DefaultFileExt => "cs";

    protected override CompilationOptions CreateCompilationOptions() => new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true);

    protected override ParseOptions CreateParseOptions() => new CSharpParseOptions(LanguageVersion.Default, DocumentationMode.Diagnose);

    protected override IEnumerable<CodeRefactoringProvider> GetCodeRefactoringProviders() => [new TCodeRefactoring()];
}

public class CSharpCodeRefactoringVerifier<TCodeRefactoring, TVerifier> : CodeRefactoringVerifier<TCodeRefactoring, CSharpCodeRefactoringTest<TCodeRefactoring, TVerifier>, TVerifier>
    where TCodeRefactoring : CodeRefactoringProvider, new()
    where TVerifier : IVerifier, new();
