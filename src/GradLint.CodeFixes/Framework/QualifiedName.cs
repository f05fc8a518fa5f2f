using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GradLint.CodeFixes.Framework;

/// <summary>How to write a type's name at a place, given the usings there.</summary>
internal static class QualifiedName
{
    /// <summary>The last two parts of the name if that is enough (<c>nn.utils</c>), or as many more as it takes; null when the type is not to be had.</summary>
    public static string? Shortest(string metadataName, int position, SemanticModel model)
    {
        if (model.Compilation.GetTypeByMetadataName(metadataName) is not { } type)
            return null;
        var parts = metadataName.Split('.', '+');
        for (var count = 2; count <= parts.Length; count++)
        {
            var name = string.Join(".", parts.Skip(parts.Length - count));
            var meant = model.GetSpeculativeSymbolInfo(position, SyntaxFactory.ParseExpression(name), SpeculativeBindingOption.BindAsExpression).Symbol;
            if (SymbolEqualityComparer.Default.Equals(meant, type))
                return name;
        }

        return Full(metadataName);
    }

    /// <summary>The same of the class of a layer.</summary>
    public static string Module(LayerKind kind) => $"{Full(TorchSharpNames.ModulesNamespace)}.{LayerTable.Describe(kind).Modules[0]}";

    /// <summary>The name that means the type at any place; the simplifier shortens it.</summary>
    public static string Full(string metadataName) => $"global::{metadataName.Replace('+', '.')}";
}
