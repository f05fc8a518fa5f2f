using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeRefactorings;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Testing;

namespace GradLint.Tests.Framework;

/// <summary>Checks what a refactoring, asked for at <c>[|…|]</c>, makes of a program. Both must compile.</summary>
internal static class VerifyRefactoring<TRefactoring>
    where TRefactoring : CodeRefactoringProvider, new()
{
    public static Task ChangesAsync(string program, string changed) => new Test(program, changed).RunAsync();

    /// <summary>Nothing is offered.</summary>
    public static Task NothingAsync(string program) =>
        new Test(program, program.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal)) { OffersEmptyRefactoring = false }.RunAsync();

    private sealed class Test : CSharpCodeRefactoringTest<TRefactoring, DefaultVerifier>
    {
        public Test(string program, string changed)
        {
            ReferenceAssemblies = TorchSharpProgram.Framework;
            TestState.OutputKind = FixedState.OutputKind = TorchSharpProgram.OutputKindOf([program.Replace("[|", "", StringComparison.Ordinal).Replace("|]", "", StringComparison.Ordinal)]);
            foreach (var (state, text) in new[] { (TestState, program), (FixedState, changed) })
            {
                state.AdditionalReferences.Add(TorchSharpProgram.TorchSharp);
                state.Sources.Add(text);
                state.Sources.Add(("Usings.cs", TorchSharpProgram.Usings));
            }
        }

        protected override ParseOptions CreateParseOptions() => TorchSharpProgram.ParseOptions;

        protected override CompilationOptions CreateCompilationOptions() => TorchSharpProgram.CompilationOptions;
    }
}
