using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.FindSymbols;

namespace GradLint.CodeFixes.Framework;

/// <summary>A recurrent layer as it is made, held and applied, and the same with another one: an LSTM gives one tensor more.</summary>
internal sealed class RecurrentForm
{
    private readonly List<(InvocationExpressionSyntax Call, SemanticModel Model)> _uses = [];
    private bool _hasOtherUses;

    private RecurrentForm(InvocationExpressionSyntax creation, LayerHolder? holder) => (Creation, Holder) = (creation, holder);

    /// <summary><c>RNN(…)</c>.</summary>
    public InvocationExpressionSyntax Creation { get; }

    public LayerHolder? Holder { get; }

    /// <summary>The form at a place; null when it is not a call of <c>torch.nn</c> that makes a recurrent layer.</summary>
    public static async Task<RecurrentForm?> AtAsync(CodeSite site, Solution solution, CancellationToken cancellationToken)
    {
        if (site.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } creation
            || creation.Span != site.Node.Span
            || site.Model.GetSymbolInfo(creation, cancellationToken).Symbol is not IMethodSymbol method
            || !SymbolEqualityComparer.Default.Equals(method.ContainingType, site.Types.NN)
            || !site.Types.IsRecurrent(method.ReturnType))
        {
            return null;
        }

        var form = new RecurrentForm(creation, LayerHolder.Of(creation, site.Model, cancellationToken));
        if (form.Holder is { } holder)
            await form.ReadUsesAsync(holder, solution, cancellationToken).ConfigureAwait(false);
        return form;
    }

    /// <summary>Whether the code has the same meaning, but for the layer, with <paramref name="kind"/> in its place.</summary>
    public bool Allows(LayerKind kind) =>
        Holder is { IsOfItsOwnType: true } holder && (holder.Type is not null || holder.IsImplicitlyTyped) && !_hasOtherUses
        && (kind != LayerKind.LSTM || _uses.All(use => use.Call.ArgumentList.Arguments.Skip(1).All(IsNothing) && Result(use) is not ResultUse.Other));

    public async Task ReplaceAsync(LayerKind kind, SolutionEdit edit, CancellationToken cancellationToken)
    {
        if (!edit.IsFirst(Creation) || await edit.EditorAsync(Creation.SyntaxTree, cancellationToken).ConfigureAwait(false) is not { } editor)
            return;
        editor.ReplaceNode(Creation, (current, _) => Created((InvocationExpressionSyntax)current, kind));
        if (Holder!.Type is { } type && await edit.EditorAsync(type.SyntaxTree, cancellationToken).ConfigureAwait(false) is { } declaring)
            declaring.ReplaceNode(type, Renamed(type, kind));
        foreach (var use in _uses.Where(use => kind == LayerKind.LSTM && Result(use) == ResultUse.Deconstructed))
        {
            if (await edit.EditorAsync(use.Call.SyntaxTree, cancellationToken).ConfigureAwait(false) is { } applying)
                Widen(((AssignmentExpressionSyntax)use.Call.Parent!).Left, applying);
        }
    }

    private enum ResultUse
    {
        Other,

        /// <summary><c>var (output, _) = …</c>.</summary>
        Deconstructed,

        /// <summary><c>….Item1</c>, at once or by way of a local.</summary>
        ByItem,
    }

    private async Task ReadUsesAsync(LayerHolder holder, Solution solution, CancellationToken cancellationToken)
    {
        var found = await SymbolFinder.FindReferencesAsync(holder.Symbol, solution, cancellationToken).ConfigureAwait(false);
        foreach (var reference in found.SelectMany(symbol => symbol.Locations))
        {
            if (await CodeSite.AtAsync(solution, reference.Location, cancellationToken).ConfigureAwait(false) is not { } site)
                continue;
            var name = site.Node.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } own ? own : site.Node;
            switch (name.Parent)
            {
                case AssignmentExpressionSyntax assignment when assignment.Right == Creation:
                    break;
                case MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax call } access when access.Expression == name:
                    if (access.Name.Identifier.ValueText is TorchSharpNames.ModuleMembers.Call or TorchSharpNames.ModuleMembers.Forward)
                        _uses.Add((call, site.Model));
                    else if (site.Model.GetSymbolInfo(call, cancellationToken).Symbol is not IMethodSymbol member || !SymbolEqualityComparer.Default.Equals(member.ContainingType, site.Types.Module))
                        _hasOtherUses = true;
                    break;
                default:
                    _hasOtherUses = true;
                    break;
            }
        }
    }

    /// <summary>No initial state: null fits either kind of it.</summary>
    private static bool IsNothing(ArgumentSyntax argument) => argument.Expression.Kind() is SyntaxKind.NullLiteralExpression or SyntaxKind.DefaultLiteralExpression;

    private static ResultUse Result((InvocationExpressionSyntax Call, SemanticModel Model) use) => use.Call.Parent switch
    {
        AssignmentExpressionSyntax { Parent: ExpressionStatementSyntax, Left: DeclarationExpressionSyntax { Designation: ParenthesizedVariableDesignationSyntax } or TupleExpressionSyntax } => ResultUse.Deconstructed,
        MemberAccessExpressionSyntax access when IsItem(access) => ResultUse.ByItem,
        EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Type.IsVar: true } } variable } when IsReadByItem(variable, use.Model) => ResultUse.ByItem,
        _ => ResultUse.Other,
    };

    private static bool IsItem(MemberAccessExpressionSyntax access) => access.Name.Identifier.ValueText is "Item1" or "Item2";

    private static bool IsReadByItem(VariableDeclaratorSyntax variable, SemanticModel model)
    {
        var local = model.GetDeclaredSymbol(variable);
        return variable.FirstAncestorOrSelf<MemberDeclarationSyntax>()!.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == variable.Identifier.ValueText && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(name).Symbol, local))
            .All(name => name.Parent is MemberAccessExpressionSyntax access && access.Expression == name && IsItem(access));
    }

    /// <summary>The same call of another layer; the nonlinearity is the RNN's own.</summary>
    private InvocationExpressionSyntax Created(InvocationExpressionSyntax creation, LayerKind kind)
    {
        var arguments = creation.ArgumentList.Arguments;
        var nonlinearity = arguments.Select((argument, index) => (argument, index)).FirstOrDefault(one =>
            one.argument.NameColon is { } name ? name.Name.Identifier.ValueText == "nonLinearity" : IsRnn && one.index == 3).argument;
        var kept = nonlinearity is null ? creation.ArgumentList : creation.ArgumentList.WithArguments(arguments.Remove(nonlinearity));
        return creation.WithExpression(Renamed(creation.Expression, kind)).WithArgumentList(kept);
    }

    private bool IsRnn => Creation.Expression.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Last().Identifier.ValueText == LayerTable.Describe(LayerKind.RNN).Modules[0];

    private static TNode Renamed<TNode>(TNode node, LayerKind kind)
        where TNode : SyntaxNode
    {
        var last = node.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Last();
        var renamed = SyntaxFactory.IdentifierName(LayerTable.Describe(kind).Modules[0]).WithTriviaFrom(last);
        return ReferenceEquals(last, node) ? (TNode)(SyntaxNode)renamed : node.ReplaceNode(last, renamed);
    }

    private static void Widen(ExpressionSyntax left, DocumentEditor editor)
    {
        if (left is DeclarationExpressionSyntax { Designation: ParenthesizedVariableDesignationSyntax names })
        {
            var discard = SyntaxFactory.DiscardDesignation().WithLeadingTrivia(SyntaxFactory.Space);
            editor.ReplaceNode(names, names.AddVariables(discard));
        }
        else if (left is TupleExpressionSyntax tuple)
        {
            // Parsed, because an identifier made otherwise is no discard.
            var discard = SyntaxFactory.ParseExpression("_").WithLeadingTrivia(SyntaxFactory.Space);
            editor.ReplaceNode(tuple, tuple.AddArguments(SyntaxFactory.Argument(discard)));
        }
    }
}
