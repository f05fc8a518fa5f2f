using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Propagation.Counterfactuals;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Models;

/// <summary>
/// Blocks that <c>forward</c> puts together: the layer becomes a wrapping module where it is made, with the activations that
/// <c>forward</c> applied to its result inside, and these go from <c>forward</c>.
/// </summary>
internal sealed class AppliedBlocks(AnalysedModel model)
{
    private const string Stem = "block";

    private readonly List<AppliedBlock> _blocks = [];

    /// <summary>False where the block is not in a form that can be taken together.</summary>
    public async Task<bool> AddAsync(ShortcutBlock block, CodeSite site, WrapperCall call, CancellationToken cancellationToken)
    {
        var made = (InvocationExpressionSyntax)site.Node;
        var followers = new List<ExpressionSyntax>();
        foreach (var node in block.Followers(model.Graph))
        {
            if (node.Parameters.Count > 0
                || await model.SiteAsync(node.Construction, cancellationToken).ConfigureAwait(false) is not { Node: InvocationExpressionSyntax written } construction
                || AsModule(written, construction, node.Kind, made, cancellationToken) is not { } module)
            {
                return false;
            }

            followers.Add(module);
        }

        _blocks.Add(new(made, site, followers, call));
        return LayerElement.Of(site, cancellationToken) is not { Name: not null };
    }

    /// <summary>Null where an activation cannot be taken out, or a layer is put into something of another type.</summary>
    public async Task<IReadOnlyList<EditStep>?> StepsAsync(ModelEdit edit, CancellationToken cancellationToken)
    {
        if (_blocks.Count == 0)
            return [];
        var steps = new List<EditStep>();
        var sites = new List<(CodeSite Construction, CodeSite Use)>();
        foreach (var node in edit.Blocks.SelectMany(block => block.Followers(model.Graph)))
        {
            if (await model.SiteAsync(node.Construction, cancellationToken).ConfigureAwait(false) is not { } construction
                || await model.SiteAsync(node.Use, cancellationToken).ConfigureAwait(false) is not { } use)
            {
                return null;
            }

            if (sites.All(site => site.Use.Node != use.Node))
                sites.Add((construction, use));
        }

        var calls = sites.Select(site => site.Use.Node).ToArray();
        foreach (var (construction, use) in sites)
        {
            if (ActivationRemoval.Of(construction, use, cancellationToken, calls) is not { } removal)
                return null;
            steps.Add(removal.ApplyAsync);
        }

        var types = new WrappedTypes([.. _blocks.Select(block => block.Made)]);
        foreach (var block in _blocks)
        {
            types.AddElement(block, cancellationToken);
            if (LayerElement.Of(block.Site, cancellationToken) is { } element)
                steps.Add(InRow(block, element));
            else if (block.Made.Parent is ArgumentSyntax || types.TryAdd(block, cancellationToken))
                steps.Add(InPlace(block));
            else
                return null;
        }

        return [.. steps, .. types.Steps];
    }

    private static EditStep InRow(AppliedBlock block, LayerElement element) => async (solution, token) =>
    {
        if (!solution.IsFirst(element.Node, Stem) || await solution.EditorAsync(element.Node.SyntaxTree, token).ConfigureAwait(false) is not { } editor)
            return;
        var type = block.Call.Class.NameFor(solution, editor);
        element.Wrap(editor, [], null, parts => block.Call.Around(type, block.Made, [.. parts, .. block.Followers]));
    };

    private static EditStep InPlace(AppliedBlock block) => async (solution, token) =>
    {
        if (!solution.IsFirst(block.Made, Stem) || await solution.EditorAsync(block.Made.SyntaxTree, token).ConfigureAwait(false) is not { } editor)
            return;
        var type = block.Call.Class.NameFor(solution, editor);
        editor.ReplaceNode(block.Made, (current, _) => block.Around(type, (ExpressionSyntax)current).WithTriviaFrom(current));
    };

    /// <summary>An activation as a module: as it is made, or for a function or tensor method of nothing but its input, of the same name.</summary>
    private static ExpressionSyntax? AsModule(InvocationExpressionSyntax written, CodeSite site, LayerKind kind, InvocationExpressionSyntax layer, CancellationToken cancellationToken)
    {
        if (site.Types.IsModule(site.Model.GetTypeInfo(written, cancellationToken).Type))
            return written.ArgumentList.Arguments.All(argument => site.Model.GetConstantValue(argument.Expression, cancellationToken).HasValue) ? written.WithoutTrivia() : null;
        var hasOnlyInput = ForwardCall.Of(site, cancellationToken) is { } call && written.ArgumentList.Arguments.All(argument => argument.Expression == call.Input);
        return hasOnlyInput && LayerTable.Describe(kind).Modules.FirstOrDefault() is { } name ? LayerCall.Like(layer, name) : null;
    }
}

/// <summary>A layer with the activations that are taken into a module with it.</summary>
/// <param name="Made">What makes the layer.</param>
/// <param name="Site">Where that stands.</param>
/// <param name="Followers">What makes the activations.</param>
/// <param name="Call">What makes the module.</param>
internal sealed record AppliedBlock(InvocationExpressionSyntax Made, CodeSite Site, IReadOnlyList<ExpressionSyntax> Followers, WrapperCall Call)
{
    /// <param name="type">The full name of the module's class.</param>
    /// <param name="layer">What makes the layer now.</param>
    public ExpressionSyntax Around(string type, ExpressionSyntax layer) => Call.Around(type, Made, [layer.WithoutTrivia(), .. Followers]);
}
