using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL6006: the tensor wrapped in a <c>Parameter</c>, in a field of that type.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakeParameter))]
public sealed class MakeParameter() : GradLintFix(RuleIds.TrainableTensorBecomesBuffer)
{
    private static readonly string s_parameterType = QualifiedName.Full(TorchSharpNames.Types.Parameter);

    protected override async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var solution = document.Project.Solution;
        var value = await CodeSite.AtAsync(solution, diagnostic.Location, cancellationToken).ConfigureAwait(false);
        var member = await CodeSite.AtAsync(solution, diagnostic.AdditionalLocations[0], cancellationToken).ConfigureAwait(false);
        if (value?.Node is not InvocationExpressionSyntax tensor || member is null || DeclaredType(member.Node) is not { } type)
            return [];
        if (IsAssignedElsewhere(member, tensor, cancellationToken))
            return [];
        return
        [
            new("parameter", $"Make '{diagnostic.AdditionalLocations[0].SourceTree!.GetText(cancellationToken).ToString(diagnostic.AdditionalLocations[0].SourceSpan)}' a Parameter", async (edit, token) =>
            {
                if (await edit.EditorAsync(tensor.SyntaxTree, token).ConfigureAwait(false) is { } editor && edit.IsFirst(tensor))
                    editor.ReplaceNode(tensor, Wrapped(tensor));
                if (await edit.EditorAsync(type.SyntaxTree, token).ConfigureAwait(false) is { } declaring && edit.IsFirst(type))
                    declaring.ReplaceNode(type, Qualified(type is NullableTypeSyntax ? s_parameterType + "?" : s_parameterType).WithTriviaFrom(type));
            }),
        ];
    }

    /// <summary>The type of a field or auto-property that is declared alone.</summary>
    private static TypeSyntax? DeclaredType(SyntaxNode member) => member.FirstAncestorOrSelf<MemberDeclarationSyntax>() switch
    {
        FieldDeclarationSyntax { Declaration: { Variables.Count: 1 } declaration } => declaration.Type,
        PropertyDeclarationSyntax property => property.Type,
        _ => null,
    };

    /// <summary>Another value assigned to the field would no longer fit its type.</summary>
    private static bool IsAssignedElsewhere(CodeSite member, SyntaxNode tensor, CancellationToken cancellationToken)
    {
        var symbol = member.Model.GetDeclaredSymbol(member.Node.FirstAncestorOrSelf<VariableDeclaratorSyntax>() ?? (SyntaxNode)member.Node.FirstAncestorOrSelf<PropertyDeclarationSyntax>()!, cancellationToken);
        return member.Node.SyntaxTree.GetRoot(cancellationToken).DescendantNodes().OfType<AssignmentExpressionSyntax>().Any(assignment =>
            assignment.Right != tensor
            && SymbolEqualityComparer.Default.Equals(member.Model.GetSymbolInfo(assignment.Left, cancellationToken).Symbol, symbol));
    }

    /// <summary>A Parameter requires a gradient by itself: the flag and the call that asked for it go.</summary>
    private static ExpressionSyntax Wrapped(InvocationExpressionSyntax tensor)
    {
        ExpressionSyntax plain = tensor.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: TorchSharpNames.TensorMembers.WithRequiresGrad } access
            ? access.Expression
            : tensor.WithArgumentList(tensor.ArgumentList.WithArguments(SyntaxFactory.SeparatedList(
                tensor.ArgumentList.Arguments.Where(argument => argument.NameColon?.Name.Identifier.ValueText != TorchSharpNames.TensorMembers.RequiresGrad))));
        return SyntaxFactory.ObjectCreationExpression(Qualified(s_parameterType).WithLeadingTrivia(SyntaxFactory.Space))
            .WithArgumentList(SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument(plain.WithoutTrivia()))))
            .WithTriviaFrom(tensor);
    }

    private static TypeSyntax Qualified(string type) => SyntaxFactory.ParseTypeName(type).WithAdditionalAnnotations(Simplifier.Annotation);
}
