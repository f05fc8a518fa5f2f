using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.FindSymbols;

namespace GradLint.CodeFixes.Framework;

/// <summary>
/// A recurrent layer as it is made, held and applied, and the same with another one: an LSTM gives one tensor more. One of a
/// collection changes with all of it.
/// </summary>
internal sealed class RecurrentForm
{
    private readonly List<(InvocationExpressionSyntax Call, SemanticModel Model)> _uses = [];
    private IReadOnlyCollection<TypeSyntax> _types = [];
    private bool _isFree;

    private RecurrentForm(InvocationExpressionSyntax creation) => (Creation, Creations) = (creation, [creation]);

    /// <summary><c>RNN(…)</c>.</summary>
    public InvocationExpressionSyntax Creation { get; }

    /// <summary>The same, and those of the other elements of its collection.</summary>
    public IReadOnlyList<InvocationExpressionSyntax> Creations { get; private set; }

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

        var form = new RecurrentForm(creation);
        if (LayerHolder.Of(creation, site.Model, cancellationToken) is { } holder)
            await form.ReadHolderAsync(holder, solution, cancellationToken).ConfigureAwait(false);
        else if (ElementCollection.Around(creation, site.Model, cancellationToken) is { } collection)
            form.ReadCollection(collection, method.ReturnType, site, cancellationToken);
        return form;
    }

    /// <summary>Whether the code has the same meaning, but for the layer, with <paramref name="kind"/> in its place.</summary>
    public bool Allows(LayerKind kind) =>
        _isFree && (kind != LayerKind.LSTM || _uses.All(use => use.Call.ArgumentList.Arguments.Skip(1).All(IsNothing) && Result(use) is not ResultUse.Other));

    public async Task ReplaceAsync(LayerKind kind, SolutionEdit edit, CancellationToken cancellationToken)
    {
        if (!edit.IsFirst(Creation))
            return;
        foreach (var creation in Creations)
        {
            if (await edit.EditorAsync(creation.SyntaxTree, cancellationToken).ConfigureAwait(false) is { } editor && (creation == Creation || edit.IsFirst(creation)))
                editor.ReplaceNode(creation, (current, _) => Created((InvocationExpressionSyntax)current, kind));
        }

        foreach (var type in _types.Where(edit.IsFirst))
        {
            if (await edit.EditorAsync(type.SyntaxTree, cancellationToken).ConfigureAwait(false) is { } declaring)
                declaring.ReplaceNode(type, Renamed(type, kind));
        }

        foreach (var use in _uses.Where(use => kind == LayerKind.LSTM && Result(use) == ResultUse.Deconstructed && edit.IsFirst(use.Call)))
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

    private async Task ReadHolderAsync(LayerHolder holder, Solution solution, CancellationToken cancellationToken)
    {
        _types = holder.Type is { } type ? [type] : [];
        _isFree = holder.IsOfItsOwnType && (holder.Type is not null || holder.IsImplicitlyTyped);
        var found = await SymbolFinder.FindReferencesAsync(holder.Symbol, solution, cancellationToken).ConfigureAwait(false);
        foreach (var reference in found.SelectMany(symbol => symbol.Locations))
        {
            if (await CodeSite.AtAsync(solution, reference.Location, cancellationToken).ConfigureAwait(false) is not { } site)
                continue;
            var name = site.Node.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } own ? own : (ExpressionSyntax)site.Node;
            if (name.Parent is not AssignmentExpressionSyntax assignment || assignment.Right != Creation)
                _isFree &= ReadUse(name, site, cancellationToken);
        }
    }

    /// <summary>Whether what is done with the layer can be done with another one.</summary>
    private bool ReadUse(ExpressionSyntax layer, CodeSite site, CancellationToken cancellationToken)
    {
        if (layer.Parent is not MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax call } access || access.Expression != layer)
            return false;
        if (access.Name.Identifier.ValueText is not (TorchSharpNames.ModuleMembers.Call or TorchSharpNames.ModuleMembers.Forward))
            return site.Model.GetSymbolInfo(call, cancellationToken).Symbol is IMethodSymbol member && SymbolEqualityComparer.Default.Equals(member.ContainingType, site.Types.Module);
        _uses.Add((call, site.Model));
        return true;
    }

    private void ReadCollection(ElementCollection collection, ITypeSymbol layer, CodeSite site, CancellationToken cancellationToken)
    {
        _types = collection.Types;
        var creations = collection.Values.SelectMany(value => value.DescendantNodesAndSelf()).OfType<InvocationExpressionSyntax>().Distinct()
            .Where(call => SymbolEqualityComparer.Default.Equals(site.Model.GetTypeInfo(call, cancellationToken).Type, layer)).ToArray();
        Creations = [.. creations.Where(call => call != Creation).Prepend(Creation)];
        _isFree = creations.Contains(Creation) && collection.Types.Count > 0
            && creations.All(call => site.Model.GetSymbolInfo(call, cancellationToken).Symbol is IMethodSymbol method && SymbolEqualityComparer.Default.Equals(method.ContainingType, site.Types.NN))
            && collection.Uses.All(use => ReadCollectionUse(use, layer, site, cancellationToken));
    }

    private bool ReadCollectionUse(ExpressionSyntax use, ITypeSymbol layer, CodeSite site, CancellationToken cancellationToken) => use.Parent switch
    {
        ForEachStatementSyntax loop => ReadVariable(site.Model.GetDeclaredSymbol(loop, cancellationToken)!, loop.Statement, site, cancellationToken),
        ElementAccessExpressionSyntax { Parent: EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Type.IsVar: true } } variable } } =>
            ReadVariable(site.Model.GetDeclaredSymbol(variable, cancellationToken)!, variable.FirstAncestorOrSelf<StatementSyntax>()!.Parent!, site, cancellationToken),
        ElementAccessExpressionSyntax element => ReadUse(element, site, cancellationToken),
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Count" or "Length" } => true,
        MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax call } => !SymbolEqualityComparer.Default.Equals(site.Model.GetTypeInfo(call, cancellationToken).Type, layer),
        _ => false,
    };

    private bool ReadVariable(ISymbol variable, SyntaxNode scope, CodeSite site, CancellationToken cancellationToken) =>
        scope.DescendantNodes().OfType<IdentifierNameSyntax>()
            .Where(name => name.Identifier.ValueText == variable.Name && SymbolEqualityComparer.Default.Equals(site.Model.GetSymbolInfo(name, cancellationToken).Symbol, variable))
            .All(name => ReadUse(name, site, cancellationToken));

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
