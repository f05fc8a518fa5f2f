using GradLint.Analyzers.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Simplification;

namespace GradLint.CodeFixes.Framework;

/// <summary>
/// An activation in the form it is written: a module (<c>Sigmoid()</c>), a function (<c>functional.sigmoid(x)</c>,
/// <c>torch.sigmoid(x)</c>) or a tensor method (<c>x.sigmoid()</c>), and the same form with another activation.
/// </summary>
internal sealed class ActivationForm
{
    private readonly InvocationExpressionSyntax _call;
    private readonly IMethodSymbol _method;
    private readonly SemanticModel _model;
    private readonly KnownTypes _types;

    private ActivationForm(InvocationExpressionSyntax call, IMethodSymbol method, CodeSite site)
    {
        _call = call;
        _method = method;
        _model = site.Model;
        _types = site.Types;
    }

    public SyntaxNode Node => _call;

    /// <summary>The form at a place, or null when it is not an activation or stands for a choice by name.</summary>
    public static ActivationForm? At(CodeSite site, CancellationToken cancellationToken)
    {
        if (site.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } call
            || call.Span != site.Node.Span
            || site.Model.GetSymbolInfo(call, cancellationToken).Symbol is not IMethodSymbol method
            || !site.Types.IsFromTorchSharp(method)
            || IsChosenByName(call))
        {
            return null;
        }

        return new(call, method, site);
    }

    /// <summary>
    /// Whether this form exists for <paramref name="activation"/> and what the code does with the result allows it: a
    /// field of type <c>Sigmoid</c> does not hold a <c>ReLU</c>, unless its own type can be changed along.
    /// </summary>
    public bool Allows(LayerKind activation, CancellationToken cancellationToken) =>
        Replacement(_call, activation) is not null
        && (!IsModule || IsImplicitlyTyped() || DeclaredType(cancellationToken) is not null
            || !IsActivationType(_model.GetTypeInfo(_call, cancellationToken).ConvertedType));

    public void Replace(LayerKind activation, SolutionEdit edit, SyntaxEditor editor, CancellationToken cancellationToken)
    {
        if (!edit.IsFirst(_call))
            return;
        editor.ReplaceNode(_call, (current, _) => Replacement((InvocationExpressionSyntax)current, activation)!.WithTriviaFrom(current));
        if (IsModule && DeclaredType(cancellationToken) is { } declared && edit.IsFirst(declared))
            editor.ReplaceNode(declared, Renamed(declared, LayerTable.Describe(activation).Modules[0]).WithTriviaFrom(declared));
    }

    private bool IsModule => _types.IsModule(_method.ReturnType);

    private bool IsActivationType(ITypeSymbol? type) =>
        _types.IsFromTorchSharp(type) && LayerTable.OfModule(type!.Name) is { } kind && LayerTable.Has(kind, LayerTraits.Activation);

    private ExpressionSyntax? Replacement(InvocationExpressionSyntax call, LayerKind activation)
    {
        var names = LayerTable.Describe(activation);
        if (IsModule)
            return names.Modules.Count == 0 ? null : WithCall(call.Expression, names.Modules[0], activation == LayerKind.PReLU ? ["1"] : []);
        if (SymbolEqualityComparer.Default.Equals(_method.ContainingType, _types.Tensor))
        {
            if (names.Operations.Count == 0 || activation == LayerKind.PReLU)
                return null;
            var inPlace = LayerTable.IsInPlace(_method.Name) ? "_" : "";
            return WithCall(call.Expression, names.Operations[0] + inPlace, activation == LayerKind.LeakyReLU ? ["0.01"] : []);
        }

        if (names.Functions.Count == 0 || activation == LayerKind.PReLU || call.ArgumentList.Arguments.Count == 0)
            return null;
        var function = SymbolEqualityComparer.Default.Equals(_method.ContainingType, _types.Functional)
            ? Renamed(call.Expression, names.Functions[0])
            : SyntaxFactory.ParseExpression($"{QualifiedName.Full(TorchSharpNames.Types.Functional)}.{names.Functions[0]}").WithAdditionalAnnotations(Simplifier.Annotation);
        var arguments = SyntaxFactory.SeparatedList([call.ArgumentList.Arguments[0]]);
        if (activation == LayerKind.ELU)
            arguments = arguments.Add(SyntaxFactory.Argument(SyntaxFactory.ParseExpression("1.0").WithLeadingTrivia(SyntaxFactory.Space)));
        return SyntaxFactory.InvocationExpression(function, SyntaxFactory.ArgumentList(arguments));
    }

    private static ExpressionSyntax WithCall(ExpressionSyntax callee, string name, string[] arguments) => SyntaxFactory.InvocationExpression(
        Renamed(callee, name),
        SyntaxFactory.ArgumentList(SyntaxFactory.SeparatedList(arguments.Select(argument => SyntaxFactory.Argument(SyntaxFactory.ParseExpression(argument))))));

    /// <summary>The same expression with another last name: <c>torch.nn.Sigmoid</c> becomes <c>torch.nn.ReLU</c>.</summary>
    public static TNode Renamed<TNode>(TNode expression, string name)
        where TNode : SyntaxNode =>
        expression.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Last() is var last && ReferenceEquals(last, expression)
            ? (TNode)(SyntaxNode)SyntaxFactory.IdentifierName(name)
            : expression.ReplaceNode(last, SyntaxFactory.IdentifierName(name).WithTriviaFrom(last));

    /// <summary>An activation picked by a switch goes by a name or number; another one there would belie it.</summary>
    private static bool IsChosenByName(SyntaxNode node) =>
        node.Ancestors().TakeWhile(ancestor => ancestor is not MemberDeclarationSyntax)
            .Any(ancestor => ancestor is SwitchExpressionArmSyntax or SwitchSectionSyntax);

    private bool IsImplicitlyTyped() =>
        _call.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Type.IsVar: true } } };

    /// <summary>The activation's own type as the type of the field, property or local it is put into, if that holds nothing else.</summary>
    private TypeSyntax? DeclaredType(CancellationToken cancellationToken)
    {
        var declaration = _call.Parent switch
        {
            EqualsValueClauseSyntax { Parent: { } initialized } => initialized,
            AssignmentExpressionSyntax assignment when assignment.Right == _call =>
                _model.GetSymbolInfo(assignment.Left, cancellationToken).Symbol?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken),
            _ => null,
        };
        var declared = declaration switch
        {
            VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax variables } when variables.Variables.All(IsSameActivation) => variables.Type,
            PropertyDeclarationSyntax property => property.Type,
            _ => null,
        };
        return declared is { IsVar: false }
            && declared.SyntaxTree == _call.SyntaxTree
            && IsActivationType(_model.GetTypeInfo(declared, cancellationToken).Type)
                ? declared
                : null;
    }

    private bool IsSameActivation(VariableDeclaratorSyntax variable) =>
        variable.Initializer is null || SyntaxFactory.AreEquivalent(variable.Initializer.Value, _call);
}
