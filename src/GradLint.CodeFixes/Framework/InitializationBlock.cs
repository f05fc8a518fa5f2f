using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Propagation.Counterfactuals;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace GradLint.CodeFixes.Framework;

/// <summary>The statement that draws weight matrices of a model anew, each to fit the activation that it feeds.</summary>
internal sealed class InitializationBlock
{
    private readonly IReadOnlyList<IGrouping<string, (string Path, FittingInitialization Fitting)>> _groups;
    private readonly IReadOnlyList<string> _kept;

    private InitializationBlock(IReadOnlyList<IGrouping<string, (string, FittingInitialization)>> groups, IReadOnlyList<string> kept)
    {
        _groups = groups;
        _kept = kept;
    }

    /// <param name="weights">Every matrix of the model by its name, null for those that are left as they are.</param>
    /// <returns>Null where a weight has to be told by a name that is not known, or there is nothing to draw.</returns>
    public static InitializationBlock? Of(IReadOnlyList<(string Path, FittingInitialization? Fitting)> weights)
    {
        // The largest group is what is left when the others are told by name.
        var groups = weights.Where(weight => weight.Fitting is not null).Select(weight => (weight.Path, Fitting: weight.Fitting!))
            .GroupBy(weight => InitializerCode.Call("", weight.Fitting)).OrderBy(group => group.Count()).ToArray();
        var kept = weights.Where(weight => weight.Fitting is null).Select(weight => weight.Path).ToArray();
        var named = kept.Concat(groups.Take(groups.Length - 1).SelectMany(group => group.Select(weight => weight.Path)));
        return groups.Length == 0 || named.Any(path => path.Contains('*')) ? null : new(groups, kept);
    }

    /// <summary>Whether all matrices are drawn, and alike: none has to be told by its name.</summary>
    public bool IsUniform => _groups.Count == 1 && _kept.Count == 0;

    /// <summary>What the largest part of the weights feeds.</summary>
    public LayerKind Activation => _groups[_groups.Count - 1].First().Fitting.Activation;

    /// <summary>The call that draws the weight of one layer.</summary>
    /// <param name="layer">The expression for the layer.</param>
    public StatementSyntax ToLayerStatement(string layer) => InitializerCode.Simplifiable(SyntaxFactory.ParseStatement(
        $"// {Comment()}\n{InitializerCode.Call($"{layer}.{TorchSharpNames.ModuleMembers.Weight}", _groups[0].First().Fitting)};\n"))
        .WithAdditionalAnnotations(Formatter.Annotation);

    /// <param name="model">The expression for the model, or null for the model whose constructor the statement goes into.</param>
    /// <param name="uniqueName">Makes a name that is free where the statement goes.</param>
    public StatementSyntax ToStatement(string? model, Func<string, string> uniqueName)
    {
        var (name, parameter) = (uniqueName("name"), uniqueName("parameter"));
        var branches = _groups.Select((group, index) => index == _groups.Count - 1
            ? $"    if ({string.Join(" && ", _kept.Select(path => $"{name} != {Literal(path)}").Prepend($"{parameter}.dim() > 1"))})\n        {InitializerCode.Call(parameter, group.First().Fitting)};\n"
            : $"    if ({name} is {string.Join(" or ", group.Select(weight => Literal(weight.Path)))})\n        {InitializerCode.Call(parameter, group.First().Fitting)};\n    else");
        var text = string.Concat(branches).Replace("else    if", "else if");
        var all = IsUniform ? $"var {parameter} in {Of(TorchSharpNames.ModuleMembers.Parameters)}" : $"var ({name}, {parameter}) in {Of(TorchSharpNames.ModuleMembers.NamedParameters)}";
        return InitializerCode.Simplifiable(SyntaxFactory.ParseStatement($"// {Comment()}\nforeach ({all})\n{{\n{text}}}\n"))
            .WithAdditionalAnnotations(Formatter.Annotation);

        string Of(string member) => $"{(model is null ? "" : model + ".")}{member}()";
    }

    /// <summary><c>He initialization keeps the scale of signal and gradient through ReLU layers.</c></summary>
    private string Comment()
    {
        var fitted = _groups.Reverse().Select(group => (group.First().Fitting.Name, Layers: string.Join("/", group.Select(weight => $"{weight.Fitting.Activation}").Distinct()))).ToArray();
        var others = string.Concat(fitted.Skip(1).Select(fit => $", {fit.Name} through {fit.Layers}"));
        return $"{fitted[0].Name} initialization keeps the scale of signal and gradient through {fitted[0].Layers} layers{others}.";
    }

    private static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);
}
