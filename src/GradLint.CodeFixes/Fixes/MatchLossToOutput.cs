using GradLint.Analyzers.Training;
using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL1004: the loss that takes what it is given, or else what is missing between the two.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MatchLossToOutput))]
public sealed class MatchLossToOutput() : GradLintFix(RuleIds.LossGivenLogits)
{
    protected override async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (await CodeSite.AtAsync(document.Project.Solution, diagnostic.Location, cancellationToken).ConfigureAwait(false) is not { } site
            || site.Model.GetOperation(site.Node, cancellationToken) is not IInvocationOperation { Syntax: InvocationExpressionSyntax call } operation
            || operation.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value.Syntax is not ExpressionSyntax input
            || !diagnostic.Properties.TryGetValue(LossProperties.Given, out var given)
            || !diagnostic.Properties.TryGetValue(LossProperties.Loss, out var name) || LossTable.OfFunction(name!) is not { } loss)
        {
            return [];
        }

        var remedies = new List<Remedy>();
        switch (given)
        {
            case LossProperties.Logits:
                var right = LossTable.FromLogits(loss)!;
                if (await SwitchAsync(document, diagnostic, site, call, operation.TargetMethod, right, cancellationToken).ConfigureAwait(false) is { } switched)
                    remedies.Add(switched);
                remedies.Add(loss.Input == LossInput.Probabilities
                    ? Append("sigmoid", "Apply a sigmoid before the loss", input, LayerTable.Describe(LayerKind.Sigmoid).Operations[0], "")
                    : Append("log_softmax", "Apply a log-softmax before the loss", input, LayerTable.Describe(LayerKind.LogSoftmax).Operations[0], "1"));
                break;
            case LossProperties.Probabilities:
                if (await LogSoftmaxAsync(document, diagnostic, cancellationToken).ConfigureAwait(false) is { } replaced)
                    remedies.Add(replaced);
                remedies.Add(Append("log", "Take the logarithm before the loss", input, LayerTable.Describe(LayerKind.Log).Operations[0], ""));
                break;
            case LossProperties.LogProbabilities:
                remedies.Add(Append("exp", "Take the exponential before the loss", input, LayerTable.Describe(LayerKind.Exp).Operations[0], ""));
                break;
        }

        return remedies;
    }

    /// <summary><c>output</c> becomes <c>output.sigmoid()</c>.</summary>
    private static Remedy Append(string key, string title, ExpressionSyntax input, string method, string argument) => new(key, title, async (edit, token) =>
    {
        if (await edit.EditorAsync(input.SyntaxTree, token).ConfigureAwait(false) is { } editor && edit.IsFirst(input))
        {
            editor.ReplaceNode(input, (current, _) => SyntaxFactory.ParseExpression($"{Receiver((ExpressionSyntax)current)}.{method}({argument})").WithTriviaFrom(current));
        }
    });

    private static string Receiver(ExpressionSyntax expression) =>
        expression is BinaryExpressionSyntax or ConditionalExpressionSyntax or PrefixUnaryExpressionSyntax or CastExpressionSyntax or AwaitExpressionSyntax
            ? $"({expression.WithoutTrivia()})"
            : expression.WithoutTrivia().ToString();

    /// <summary>Another loss in the place of the function that is called, or of the module where that is made.</summary>
    private static async Task<Remedy?> SwitchAsync(
        Document document, Diagnostic diagnostic, CodeSite site, InvocationExpressionSyntax call, IMethodSymbol called, LossDescription right, CancellationToken cancellationToken)
    {
        if (SymbolEqualityComparer.Default.Equals(called.ContainingType, site.Types.Functional))
            return new("with_logits", $"Use '{right.Function}'", (edit, token) => RenameAsync(call, called, right.Function, edit, token));
        if (!diagnostic.Properties.ContainsKey(LossProperties.TakesOnlyLogits)
            || await CodeSite.AtAsync(document.Project.Solution, diagnostic.AdditionalLocations[diagnostic.AdditionalLocations.Count - 1], cancellationToken).ConfigureAwait(false) is not { } made
            || made.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } creation || creation.Span != made.Node.Span
            || made.Model.GetSymbolInfo(creation, cancellationToken).Symbol is not IMethodSymbol factory
            || DeclaredType.Of(creation, made, cancellationToken) is not { CanChange: true } declared)
        {
            return null;
        }

        return new("with_logits", $"Use '{right.Module}'", async (edit, token) =>
        {
            await RenameAsync(creation, factory, right.Module, edit, token).ConfigureAwait(false);
            await declared.RenameAsync(right.Module, edit, token).ConfigureAwait(false);
        });
    }

    /// <summary>A softmax in its one place becomes a log-softmax.</summary>
    private static async Task<Remedy?> LogSoftmaxAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (diagnostic.Properties[LossProperties.SourceLocations] != "2"
            || await CodeSite.AtAsync(document.Project.Solution, diagnostic.AdditionalLocations[0], cancellationToken).ConfigureAwait(false) is not { } site
            || site.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } softmax || softmax.Span != site.Node.Span
            || site.Model.GetSymbolInfo(softmax, cancellationToken).Symbol is not IMethodSymbol method
            || SymbolEqualityComparer.Default.Equals(method.ContainingType, site.Types.Torch)
            || SymbolEqualityComparer.Default.Equals(method.ContainingType, site.Types.Functional) && (softmax.ArgumentList.Arguments.Count > 2 || softmax.ArgumentList.Arguments[0].NameColon is not null)
            || DeclaredType.Of(softmax, site, cancellationToken) is not { CanChange: true } declared)
        {
            return null;
        }

        var names = LayerTable.Describe(LayerKind.LogSoftmax);
        var name = site.Types.IsModule(method.ReturnType) ? names.Modules[0] : names.Functions[0];
        return new("log_softmax", $"Use '{name}' in place of '{method.Name}'", async (edit, token) =>
        {
            await RenameAsync(softmax, method, name, edit, token).ConfigureAwait(false);
            await declared.RenameAsync(name, edit, token).ConfigureAwait(false);
        });
    }

    /// <summary>Calls another function with the same arguments; those whose place differs are named.</summary>
    private static async Task RenameAsync(InvocationExpressionSyntax call, IMethodSymbol method, string name, SolutionEdit edit, CancellationToken cancellationToken)
    {
        if (await edit.EditorAsync(call.SyntaxTree, cancellationToken).ConfigureAwait(false) is not { } editor || !edit.IsFirst(call))
            return;
        editor.ReplaceNode(call.Expression is MemberAccessExpressionSyntax access ? access.Name : call.Expression, (current, _) => SyntaxFactory.IdentifierName(name).WithTriviaFrom(current));
        if (method.Parameters.FirstOrDefault(parameter => parameter.Name == TorchSharpNames.Arguments.Reduction)?.Ordinal is { } place
            && place < call.ArgumentList.Arguments.Count
            && call.ArgumentList.Arguments[place] is { NameColon: null } argument
            && !method.ContainingType.GetMembers(name).OfType<IMethodSymbol>().Any(other => place < other.Parameters.Length && other.Parameters[place].Name == TorchSharpNames.Arguments.Reduction))
        {
            editor.ReplaceNode(argument, (current, _) => ((ArgumentSyntax)current.WithoutLeadingTrivia())
                .WithNameColon(SyntaxFactory.NameColon(TorchSharpNames.Arguments.Reduction).WithTrailingTrivia(SyntaxFactory.Space))
                .WithLeadingTrivia(current.GetLeadingTrivia()));
        }
    }
}
