using GradLint.Analyzers.Framework;
using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Propagation.Counterfactuals;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;

namespace GradLint.CodeFixes.Models;

/// <summary>
/// The module that puts a shortcut around others: GradLint.Runtime's where the project references it, else one of the
/// project's own, which is written once, at the end of the file that needs it first.
/// </summary>
internal sealed class WrapperClass
{
    private readonly Shortcut _shortcut;
    private readonly INamedTypeSymbol? _existing;

    private WrapperClass(Shortcut shortcut, INamedTypeSymbol? existing) => (_shortcut, _existing) = (shortcut, existing);

    /// <summary>
    /// What there is to choose from, the best first. A class of the project is one that an earlier fix wrote, or might as well be:
    /// whether it does what is meant shows when the edit is tried out.
    /// </summary>
    public static IReadOnlyList<WrapperClass> Choices(Compilation compilation, Shortcut shortcut)
    {
        if (compilation.GetTypeByMetadataName($"{WrapperNames.Namespace}.{Names(shortcut)[0]}") is { } shipped)
            return [new(shortcut, shipped)];
        var types = KnownTypes.From(compilation)!;
        var names = Names(shortcut);
        var own = compilation.GetSymbolsWithName(name => names.Any(name.StartsWith), SymbolFilter.Type).OfType<INamedTypeSymbol>()
            .Where(type => type is { IsAbstract: false, IsGenericType: false, ContainingType: null } && type.InstanceConstructors.Any(constructor => IsMeant(constructor, shortcut, types)))
            .OrderBy(type => type.Name.Length);
        return [.. own.Select(type => new WrapperClass(shortcut, type)), new(shortcut, null)];
    }

    /// <summary>The name in full; what it needs is added to the document of the editor.</summary>
    public string NameFor(SolutionEdit edit, DocumentEditor editor)
    {
        if (_existing is null)
            return edit.Once((editor.OriginalDocument.Project.Id, Names(_shortcut)[0]), () => Add(editor));
        if (_existing.Locations.All(location => !location.IsInSource) && edit.IsFirst(editor.OriginalRoot, WrapperNames.Namespace))
            AddUsing(editor, _existing.Name);
        return _existing.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
    }

    private static string[] Names(Shortcut shortcut) => shortcut switch
    {
        Shortcut.ReZero => [WrapperNames.ReZero, "ReZeroBlock"],
        Shortcut.StochasticDepth => [WrapperNames.StochasticDepth, "StochasticDepthBlock"],
        Shortcut.Highway => [WrapperNames.Highway, "HighwayBlock"],
        _ => [WrapperNames.Residual, "ResidualBlock", "ResidualConnection"],
    };

    private static bool IsMeant(IMethodSymbol constructor, Shortcut shortcut, KnownTypes types)
    {
        var parameters = constructor.Parameters;
        return shortcut switch
        {
            Shortcut.ReZero => parameters.Length == 1 && types.IsModule(parameters[0].Type),
            Shortcut.StochasticDepth => parameters.Length == 2 && types.IsModule(parameters[0].Type) && parameters[1].Type.SpecialType == SpecialType.System_Double,
            Shortcut.Highway => parameters.Length == 2 && parameters[0].Type.SpecialType is SpecialType.System_Int64 or SpecialType.System_Int32 && types.IsModule(parameters[1].Type),
            _ => parameters.Length == 2 && types.IsModule(parameters[0].Type) && parameters[1] is { Name: WrapperNames.Scale, HasExplicitDefaultValue: true, ExplicitDefaultValue: 1.0 },
        };
    }

    private string Add(DocumentEditor editor)
    {
        var compilation = editor.SemanticModel.Compilation;
        var wishes = Names(_shortcut);
        var name = wishes.Concat(Enumerable.Range(2, int.MaxValue - 2).Select(number => wishes[wishes.Length - 1] + number))
            .First(candidate => !compilation.ContainsSymbolsWithName(candidate, SymbolFilter.Type));
        var root = (CompilationUnitSyntax)editor.OriginalRoot;
        var space = root.Members.OfType<BaseNamespaceDeclarationSyntax>().LastOrDefault();
        var endOfLine = LineEnding.FirstOf(root);
        var code = WrapperCode.Of(_shortcut, name).Replace("\r\n", "\n").Replace("\n", endOfLine.ToString());
        var declaration = InitializerCode.Simplifiable(SyntaxFactory.ParseMemberDeclaration(code)!).WithAdditionalAnnotations(Formatter.Annotation);
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

    private static void AddUsing(DocumentEditor editor, string name)
    {
        var root = (CompilationUnitSyntax)editor.OriginalRoot;
        if (root.Usings.Concat(root.Members.OfType<BaseNamespaceDeclarationSyntax>().SelectMany(space => space.Usings)).Any(directive => directive.Name.ToString() == WrapperNames.Namespace)
            || editor.SemanticModel.LookupNamespacesAndTypes(root.FullSpan.End, name: name).Length > 0)
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
}
