using GradLint.Analyzers.Framework;
using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;

namespace GradLint.CodeFixes.Models;

/// <summary>
/// The module x + scale·f(x): GradLint.Runtime's where the project references it, else one of the project's own that is
/// written once, at the end of the file that needs it first.
/// </summary>
internal static class ResidualClass
{
    private static readonly string[] Names = [WrapperNames.Residual, "ResidualBlock", "ResidualConnection"];

    /// <summary>The name in full; what it needs is added to the document of the editor.</summary>
    public static string NameFor(SolutionEdit edit, DocumentEditor editor, SemanticModel model)
    {
        var compilation = model.Compilation;
        if (compilation.GetTypeByMetadataName($"{WrapperNames.Namespace}.{WrapperNames.Residual}") is not null)
        {
            if (edit.IsFirst(editor.OriginalRoot, WrapperNames.Namespace))
                AddUsing(editor);
            return $"global::{WrapperNames.Namespace}.{WrapperNames.Residual}";
        }

        var own = compilation.GetSymbolsWithName(name => Names.Contains(name), SymbolFilter.Type).OfType<INamedTypeSymbol>().FirstOrDefault(type => IsSuch(type, KnownTypes.From(compilation)!));
        return own is not null ? own.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) : edit.Once((editor.OriginalDocument.Project.Id, nameof(ResidualClass)), () => Add(editor, compilation));
    }

    /// <summary>A class that an earlier fix wrote, or one that might as well be: (branch, scale = 1).</summary>
    private static bool IsSuch(INamedTypeSymbol type, KnownTypes types) => type is { IsAbstract: false, IsGenericType: false, ContainingType: null } && type.InstanceConstructors.Any(constructor =>
        constructor.Parameters is { Length: 2 } parameters
        && types.IsModule(parameters[0].Type) && parameters[1] is { Name: WrapperNames.Scale, HasExplicitDefaultValue: true, ExplicitDefaultValue: 1.0 });

    private static string Add(DocumentEditor editor, Compilation compilation)
    {
        var name = Names.First(candidate => !compilation.ContainsSymbolsWithName(candidate, SymbolFilter.Type));
        var root = (CompilationUnitSyntax)editor.OriginalRoot;
        var space = root.Members.OfType<BaseNamespaceDeclarationSyntax>().LastOrDefault();
        var endOfLine = LineEnding.FirstOf(root);
        var declaration = InitializerCode.Simplifiable(SyntaxFactory.ParseMemberDeclaration(Code(name).Replace("\r\n", "\n").Replace("\n", endOfLine.ToString()))!).WithAdditionalAnnotations(Formatter.Annotation);
        var isLastLineOpen = !root.GetLastToken(includeZeroWidth: true).GetPreviousToken().TrailingTrivia.Any(SyntaxKind.EndOfLineTrivia);
        var gap = Enumerable.Repeat(endOfLine, space is not NamespaceDeclarationSyntax && isLastLineOpen ? 2 : 1);
        declaration = declaration.WithLeadingTrivia(gap.Concat(declaration.GetLeadingTrivia()));
        if (space is null)
        {
            editor.ReplaceNode(root, (current, _) => ((CompilationUnitSyntax)current).AddMembers(declaration));
            return $"global::{name}";
        }

        editor.ReplaceNode(space, (current, _) => current switch
        {
            NamespaceDeclarationSyntax block => block.AddMembers(declaration),
            FileScopedNamespaceDeclarationSyntax file => file.AddMembers(declaration),
            _ => current,
        });
        return $"global::{space.Name}.{name}";
    }

    private static void AddUsing(DocumentEditor editor)
    {
        var root = (CompilationUnitSyntax)editor.OriginalRoot;
        if (root.Usings.Concat(root.Members.OfType<BaseNamespaceDeclarationSyntax>().SelectMany(space => space.Usings)).Any(directive => directive.Name.ToString() == WrapperNames.Namespace)
            || editor.SemanticModel.LookupNamespacesAndTypes(root.FullSpan.End, name: WrapperNames.Residual).Length > 0)
        {
            return;
        }

        editor.ReplaceNode(root, (current, _) =>
        {
            var unit = (CompilationUnitSyntax)current;
            var endOfLine = unit.Usings.LastOrDefault()?.GetTrailingTrivia().LastOrDefault() is { RawKind: (int)SyntaxKind.EndOfLineTrivia } written ? written : SyntaxFactory.LineFeed;
            var directive = SyntaxFactory.ParseCompilationUnit($"using {WrapperNames.Namespace};").Usings[0].WithTrailingTrivia(endOfLine);
            var place = unit.Usings.TakeWhile(other => IsPlain(other) && string.CompareOrdinal(other.Name.ToString(), WrapperNames.Namespace) < 0).Count();
            if (unit.Usings.Count == 0)
                directive = directive.WithTrailingTrivia(endOfLine, endOfLine);
            return unit.WithUsings(unit.Usings.Insert(place, directive));
        });
    }

    private static bool IsPlain(UsingDirectiveSyntax directive) => directive.StaticKeyword.RawKind == 0 && directive.Alias is null;

    private static string Code(string name) => $$"""
        /// <summary>x + scale * f(x): the gradient reaches x undiminished, whatever f does to its share.</summary>
        internal sealed class {{name}} : global::TorchSharp.torch.nn.Module<global::TorchSharp.torch.Tensor, global::TorchSharp.torch.Tensor>
        {
            private readonly global::TorchSharp.torch.nn.Module<global::TorchSharp.torch.Tensor, global::TorchSharp.torch.Tensor> branch;
            private readonly double scale;

            public {{name}}(global::TorchSharp.torch.nn.Module<global::TorchSharp.torch.Tensor, global::TorchSharp.torch.Tensor> branch, double scale = 1) : base(nameof({{name}}))
            {
                this.branch = branch;
                this.scale = scale;
                RegisterComponents();
            }

            public override global::TorchSharp.torch.Tensor forward(global::TorchSharp.torch.Tensor input)
            {
                using var change = branch.call(input);
                return input.add(change, scale);
            }
        }

        """;
}
