using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Simplification;
using TensorMember = GradLint.Core.Knowledge.TorchSharpNames.TensorMembers;

namespace GradLint.CodeFixes.Fixes;

/// <summary>
/// GL5003: takes what cuts the graph out of the computation of the loss: <c>.detach()</c>, a <c>no_grad()</c> around it,
/// a trip of the loss through a number, or of a tensor through an array that nothing else reads.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RestoreGraph))]
public sealed class RestoreGraph() : SiteFix(RuleIds.GraphCut, place: 1)
{
    private protected override IReadOnlyList<Remedy> Remedies(CodeSite site, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (site.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } cut
            || site.Model.GetSymbolInfo(cut, cancellationToken).Symbol is not IMethodSymbol method)
        {
            return [];
        }

        return method.Name switch
        {
            TensorMember.Detach => Detach(cut),
            TensorMember.Item => Number(cut, site, cancellationToken),
            TensorMember.Data => Array(cut, site, cancellationToken),
            TorchSharpNames.Functions.NoGrad or TorchSharpNames.Functions.InferenceMode => Scope(cut, method.Name),
            _ => [],
        };
    }

    private static IReadOnlyList<Remedy> Detach(InvocationExpressionSyntax cut) =>
        cut is { ArgumentList.Arguments.Count: 0, Expression: MemberAccessExpressionSyntax { Expression: { } tensor }, Parent: not ExpressionStatementSyntax }
            ? [Remedy.At(cut, "detach", $"Remove '.{TensorMember.Detach}()'", editor => editor.ReplaceNode(cut, tensor.WithTriviaFrom(cut)))]
            : [];

    /// <summary><c>tensor(loss.item&lt;float&gt;())</c> is <c>loss</c>.</summary>
    private static IReadOnlyList<Remedy> Number(InvocationExpressionSyntax cut, CodeSite site, CancellationToken cancellationToken) =>
        cut is { Expression: MemberAccessExpressionSyntax { Expression: { } tensor }, Parent: ArgumentSyntax { Parent: ArgumentListSyntax { Arguments.Count: 1, Parent: InvocationExpressionSyntax made } } }
        && site.Model.GetOperation(made, cancellationToken) is IInvocationOperation { TargetMethod.Name: TorchSharpNames.Functions.Tensor } call
        && SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, site.Types.Torch)
            ? [Remedy.At(made, "item", $"Use '{tensor.WithoutTrivia()}' itself", editor => editor.ReplaceNode(made, tensor.WithTriviaFrom(made)))]
            : [];

    /// <summary><c>tensor(x.data&lt;float&gt;().ToArray(), 8, 2)</c> is <c>x.reshape(8, 2)</c>; without sizes it is flat. A local for the array becomes one for the tensor.</summary>
    private static IReadOnlyList<Remedy> Array(InvocationExpressionSyntax cut, CodeSite site, CancellationToken cancellationToken)
    {
        if (cut is not { Expression: MemberAccessExpressionSyntax { Expression: { } tensor }, Parent: MemberAccessExpressionSyntax { Name.Identifier.ValueText: nameof(Enumerable.ToArray), Parent: InvocationExpressionSyntax { ArgumentList.Arguments.Count: 0 } array } })
            return [];
        if (array.Parent is ArgumentSyntax passed)
            return Again(passed, tensor.WithoutTrivia(), site, cancellationToken) is { } again ? [Remedy.At(again.Call, "array", Title(again), editor => editor.ReplaceNode(again.Call, again.Tensor))] : [];
        if (array.Parent is not EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax declaration } variables } local }
            || site.Model.GetDeclaredSymbol(local, cancellationToken) is not { } symbol)
        {
            return [];
        }

        var reads = (declaration.Parent is GlobalStatementSyntax ? declaration.SyntaxTree.GetRoot(cancellationToken) : declaration.Parent!).DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == symbol.Name && SymbolEqualityComparer.Default.Equals(site.Model.GetSymbolInfo(name, cancellationToken).Symbol, symbol)).ToArray();
        if (reads.Length != 1 || reads[0].Parent is not ArgumentSyntax read || Again(read, SyntaxFactory.IdentifierName(symbol.Name), site, cancellationToken) is not { } made)
            return [];
        return
        [
            Remedy.At(made.Call, "array", Title(made), editor =>
            {
                editor.ReplaceNode(array, tensor.WithTriviaFrom(array));
                editor.ReplaceNode(made.Call, made.Tensor);
                if (!variables.Type.IsVar)
                    editor.ReplaceNode(variables.Type, SyntaxFactory.ParseTypeName(QualifiedName.Full(TorchSharpNames.Types.Tensor)).WithAdditionalAnnotations(Simplifier.Annotation).WithTriviaFrom(variables.Type));
            }),
        ];

        static string Title((InvocationExpressionSyntax Call, ExpressionSyntax Tensor) made) => $"Use '{made.Tensor.WithoutTrivia()}' instead of a copy of its numbers";
    }

    /// <summary>The call that makes a tensor of an array, and the original in the same shape; null where the copy differs in more.</summary>
    private static (InvocationExpressionSyntax Call, ExpressionSyntax Tensor)? Again(ArgumentSyntax array, ExpressionSyntax tensor, CodeSite site, CancellationToken cancellationToken)
    {
        if (array.Parent?.Parent is not InvocationExpressionSyntax made
            || site.Model.GetOperation(made, cancellationToken) is not IInvocationOperation { TargetMethod.Name: TorchSharpNames.Functions.Tensor } call
            || !SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, site.Types.Torch)
            || made.ArgumentList.Arguments[0] != array || made.ArgumentList.Arguments.Any(argument => argument.NameColon is not null)
            || call.Arguments.Any(argument => argument.ArgumentKind != ArgumentKind.DefaultValue && argument.Syntax != array && !IsSize(argument.Parameter!.Type)))
        {
            return null;
        }

        var sizes = made.ArgumentList.Arguments.Skip(1).ToArray();
        var operation = LayerTable.Describe(sizes.Length == 0 ? LayerKind.Flatten : LayerKind.Reshape).Operations[0];
        var shaped = $"{tensor}.{operation}({string.Join(", ", sizes.Select(size => size.ToString()))})";
        return (made, SyntaxFactory.ParseExpression(shaped).WithTriviaFrom(made));

        static bool IsSize(ITypeSymbol type) =>
            type.SpecialType == SpecialType.System_Int64 || type is IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_Int64 } || type is INamedTypeSymbol { Name: "ReadOnlySpan", TypeArguments: { Length: 1 } elements } && elements[0].SpecialType == SpecialType.System_Int64;
    }

    /// <summary><c>using var _ = no_grad();</c> goes; of <c>using (no_grad()) { … }</c> the block stays.</summary>
    private static IReadOnlyList<Remedy> Scope(InvocationExpressionSyntax cut, string name)
    {
        var title = $"Remove '{name}()'";
        switch (cut.Parent)
        {
            case UsingStatementSyntax { Parent: BlockSyntax or GlobalStatementSyntax, Statement: { } body } scope:
                return [Remedy.At(scope, "no_grad", title, editor => editor.ReplaceNode(scope, (current, _) => ((UsingStatementSyntax)current).Statement.WithTriviaFrom(current)))];
            case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: LocalDeclarationStatementSyntax { UsingKeyword.RawKind: (int)SyntaxKind.UsingKeyword } declaration } } variable }
                when StatementPlace.Of(declaration) is { } place && !IsUsed(variable, place):
                return [Remedy.At(place.Node, "no_grad", title, editor => editor.RemoveNode(place.Node, SyntaxRemoveOptions.KeepUnbalancedDirectives))];
            default:
                return [];
        }
    }

    private static bool IsUsed(VariableDeclaratorSyntax variable, StatementPlace place) =>
        place.List.DescendantNodes().OfType<IdentifierNameSyntax>().Any(name => name.Identifier.ValueText == variable.Identifier.ValueText);
}
