using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.Tests.Framework;

/// <summary>
/// Over how many places of its code a program spreads what a rule must see. A place is a method, an accessor, a local
/// function or the top-level statements; constructors and fields are one place for each declaration of a type. It counts
/// when it uses TorchSharp for more than making inputs, holds layers or tensors, or calls a place that counts.
/// </summary>
/// <param name="isAboutModules">
/// Whether the rule is about how modules are made: then the constructor of a module is a place like any other, and its
/// forward is none. For a rule about training neither is.
/// </param>
internal sealed partial class ProgramSpan(bool isAboutModules)
{
    public int Count(IEnumerable<string> files)
    {
        var trees = files.Select((file, index) => AllAnalyzers.Parse(Markup().Replace(file, ""), $"{index}.cs")).ToArray();
        var compilation = AllAnalyzers.Compile([.. trees, AllAnalyzers.Parse(TorchSharpProgram.Usings, "Usings.cs")]);
        var uses = trees
            .Select(tree => compilation.GetSemanticModel(tree))
            .SelectMany(model => model.SyntaxTree.GetRoot().DescendantNodes().SelectMany(node => Uses(node, model)))
            .ToLookup(use => use.Place, use => use.Used);

        var counted = new HashSet<SyntaxNode>(uses.Where(place => place.Any(used => used is null)).Select(place => place.Key));
        while (uses.Where(place => !counted.Contains(place.Key) && place.Any(used => used is not null && counted.Contains(used))).ToArray() is { Length: > 0 } callers)
            counted.UnionWith(callers.Select(place => place.Key));
        return counted.Count(place => !IsLeftOut(place, compilation));
    }

    /// <summary>Where a node uses TorchSharp (null), or another place of the program.</summary>
    private static IEnumerable<(SyntaxNode Place, SyntaxNode? Used)> Uses(SyntaxNode node, SemanticModel model)
    {
        if (Place(node, model) is not { } place)
            yield break;
        if (node is VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax } && model.GetDeclaredSymbol(node) is IFieldSymbol field && (IsModule(field.Type) || IsTensor(field.Type)))
            yield return (place, null);
        if (node is not (InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax or ConstructorInitializerSyntax or MemberAccessExpressionSyntax or SimpleBaseTypeSyntax))
            yield break;
        var symbol = node is SimpleBaseTypeSyntax { Type: var baseType } ? model.GetTypeInfo(baseType).Type : model.GetSymbolInfo(node).Symbol;
        if (symbol is IMethodSymbol && IsFromTorchSharp(symbol))
        {
            if (symbol.ContainingType.Name != "torch" || symbol.Name is "no_grad" or "inference_mode" or "NewDisposeScope" || node.ToString().Contains("requires_grad: true", StringComparison.Ordinal))
                yield return (place, null);
        }
        else if (symbol is IMethodSymbol or IPropertySymbol or INamedTypeSymbol)
        {
            var declarations = symbol is IMethodSymbol { MethodKind: MethodKind.Constructor } ? symbol.ContainingType.DeclaringSyntaxReferences : symbol.DeclaringSyntaxReferences;
            foreach (var reference in declarations)
            {
                if (reference.GetSyntax() is not InterfaceDeclarationSyntax and var declaration)
                    yield return (place, declaration);
            }
        }
    }

    /// <summary>The declaration that stands for a place: that of the member, or of the type for its construction.</summary>
    private static SyntaxNode? Place(SyntaxNode node, SemanticModel model)
    {
        for (var current = node; current is not null; current = current.Parent)
        {
            switch (current)
            {
                case LocalFunctionStatementSyntax or MethodDeclarationSyntax or PropertyDeclarationSyntax { AccessorList.Accessors: [_, ..] } or PropertyDeclarationSyntax { ExpressionBody: not null }:
                case AnonymousFunctionExpressionSyntax function when IsNamed(function, model):
                case TypeDeclarationSyntax:
                    return current;
                case GlobalStatementSyntax:
                    return current.Parent;
            }
        }

        return null;
    }

    /// <summary>Kept in a variable or handed to code of the program; not one that a query takes.</summary>
    private static bool IsNamed(AnonymousFunctionExpressionSyntax function, SemanticModel model) => function.Parent switch
    {
        EqualsValueClauseSyntax or AssignmentExpressionSyntax or ArrowExpressionClauseSyntax => true,
        ArgumentSyntax { Parent.Parent: var call and not null } => model.GetSymbolInfo(call).Symbol is { DeclaringSyntaxReferences: [_, ..] },
        _ => false,
    };

    private bool IsLeftOut(SyntaxNode place, Compilation compilation)
    {
        var type = place.FirstAncestorOrSelf<TypeDeclarationSyntax>();
        if (type is null || !IsModule((ITypeSymbol)compilation.GetSemanticModel(type.SyntaxTree).GetDeclaredSymbol(type)!))
            return false;
        return place is MethodDeclarationSyntax { Identifier.ValueText: "forward" } || !isAboutModules && place is TypeDeclarationSyntax;
    }

    private static bool IsModule(ITypeSymbol type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.Name == "Module" && IsFromTorchSharp(current))
                return true;
        }

        return false;
    }

    private static bool IsTensor(ITypeSymbol type) => type.Name is "Tensor" or "Parameter" && IsFromTorchSharp(type);

    private static bool IsFromTorchSharp(ISymbol symbol) => symbol.ContainingAssembly?.Name == "TorchSharp";

    [GeneratedRegex(@"\{\|[#\w]+:|\|\}")]
    private static partial Regex Markup();
}
