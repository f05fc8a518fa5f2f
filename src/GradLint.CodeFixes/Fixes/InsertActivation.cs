using GradLint.Analyzers.Framework;
using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL1006: a ReLU between two linear layers.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(InsertActivation))]
public sealed class InsertActivation() : GradLintFix(RuleIds.AdjacentLinearLayers)
{
    private static readonly string s_name = LayerTable.Describe(LayerKind.ReLU).Modules[0];

    protected override async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var solution = document.Project.Solution;
        if (diagnostic.AdditionalLocations.Count < 4
            || await CodeSite.AtAsync(solution, diagnostic.AdditionalLocations[1], cancellationToken).ConfigureAwait(false) is not { Node: InvocationExpressionSyntax first } site
            || await CodeSite.AtAsync(solution, diagnostic.AdditionalLocations[2], cancellationToken).ConfigureAwait(false) is not { } use
            || site.Model.GetSymbolInfo(first, cancellationToken).Symbol is not IMethodSymbol method
            || !SymbolEqualityComparer.Default.Equals(method.ContainingType, site.Types.NN)
            || ((Holds(FixProperties.IsUseInEveryPair) ? AfterCall(use, cancellationToken) : null)
                ?? (Holds(FixProperties.IsConstructionInEveryPair) ? AfterElement(first) : null)) is not { } insertion)
        {
            return [];
        }

        return [new("relu", "Insert ReLU between them", insertion.ApplyAsync)];

        bool Holds(string property) => diagnostic.Properties.TryGetValue(property, out var value) && value == $"{true}";
    }

    /// <summary><c>fc1.call(x)</c> becomes <c>functional.relu(fc1.call(x))</c>.</summary>
    private static PlacedEdit? AfterCall(CodeSite use, CancellationToken cancellationToken)
    {
        if (Application.At(use, cancellationToken) is not { Call: { Expression: MemberAccessExpressionSyntax } call }
            || use.Model.GetSymbolInfo(call, cancellationToken).Symbol is not IMethodSymbol { Name: TorchSharpNames.ModuleMembers.Call or TorchSharpNames.ModuleMembers.Forward } method
            || use.Types.IsSequential(use.Model.GetTypeInfo(((MemberAccessExpressionSyntax)call.Expression).Expression, cancellationToken).Type)
            || method.IsStatic)
        {
            return null;
        }

        var relu = SyntaxFactory.ParseExpression($"{QualifiedName.Full(TorchSharpNames.Types.Functional)}.{LayerTable.Describe(LayerKind.ReLU).Functions[0]}").WithAdditionalAnnotations(Simplifier.Annotation);
        return new(call, editor => editor.ReplaceNode(call, (current, _) => SyntaxFactory.InvocationExpression(
            relu, SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument((ExpressionSyntax)current.WithoutTrivia())))).WithTriviaFrom(current)));
    }

    /// <summary>An element of a list of layers, named like its neighbours, or a statement that adds one.</summary>
    private static PlacedEdit? AfterElement(InvocationExpressionSyntax first)
    {
        var last = first.Expression.DescendantNodesAndSelf().OfType<SimpleNameSyntax>().Last();
        var callee = ReferenceEquals(last, first.Expression) ? SyntaxFactory.IdentifierName(s_name) : first.Expression.ReplaceNode(last, SyntaxFactory.IdentifierName(s_name));
        var relu = SyntaxFactory.InvocationExpression(callee.WithoutTrivia());
        switch (ListElement.Around(first))
        {
            case ArgumentSyntax { Parent: ArgumentListSyntax { Arguments.Count: 1, Parent: InvocationExpressionSyntax { Parent: ExpressionStatementSyntax statement } } } argument
                when argument.Expression == first && StatementPlace.Of(statement) is { } place:
                return new(statement, editor => place.InsertAfter(editor, statement.ReplaceNode(first, relu.WithTriviaFrom(first)).WithoutLeadingTrivia().WithAdditionalAnnotations(Formatter.Annotation)));
            case ArgumentSyntax { Parent: ArgumentListSyntax { Arguments.Count: > 1 } list } argument when Element(argument.Expression, first, relu, list) is { } element:
                return new(argument, editor => Insert(editor, list, argument, SyntaxFactory.Argument(element)));
            default:
                return null;
        }
    }

    /// <summary>The new layer as its neighbours are given: bare, or in a tuple with a name that is free.</summary>
    private static ExpressionSyntax? Element(ExpressionSyntax neighbour, InvocationExpressionSyntax first, ExpressionSyntax relu, ArgumentListSyntax list)
    {
        if (neighbour == first)
            return relu;
        var names = list.Arguments
            .Select(argument => argument.Expression is TupleExpressionSyntax { Arguments: { Count: 2 } pair } && pair[0].Expression is LiteralExpressionSyntax name ? name.Token.ValueText : null)
            .ToArray();
        if (names.Any(name => name is null))
            return null;
        var wish = s_name.ToLowerInvariant();
        var free = Enumerable.Range(1, names.Length + 1).Select(number => number == 1 ? wish : $"{wish}{number}").First(name => !names.Contains(name));
        return SyntaxFactory.ParseExpression($"(\"{free}\", {relu})");
    }

    private static void Insert(DocumentEditor editor, ArgumentListSyntax list, ArgumentSyntax after, ArgumentSyntax element)
    {
        editor.TrackNode(after);
        editor.ReplaceNode(list, (current, _) =>
        {
            var arguments = ((ArgumentListSyntax)current).Arguments;
            var index = arguments.IndexOf(current.GetCurrentNode(after)!);
            var nodes = arguments.ToList();
            nodes.Insert(index + 1, element);
            var separators = arguments.GetSeparators().ToList();

            // The new comma comes first; what broke the line after the old one goes on doing so.
            separators.Insert(index, SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space));
            return ((ArgumentListSyntax)current).WithArguments(SyntaxFactory.SeparatedList(nodes, separators));
        });
    }
}
