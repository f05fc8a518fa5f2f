using GradLint.Analyzers.Framework;
using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Propagation.Counterfactuals;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL2003: random weights, by the activation they feed, in the place of equal ones.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(BreakSymmetry))]
public sealed class BreakSymmetry() : SiteFix(RuleIds.IdenticalUnits, place: 0)
{
    private protected override IReadOnlyList<Remedy> Remedies(CodeSite site, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (InitializerCall.At(site, cancellationToken) is not { } call
            || !diagnostic.Properties.TryGetValue(FixProperties.Activation, out var activation))
        {
            return [];
        }

        // What draws vectors too must go on doing that: an initialiser by fan-in takes matrices only.
        var statement = diagnostic.Properties.ContainsKey(FixProperties.AlsoVectors) ? call.Call.Parent as ExpressionStatementSyntax : null;
        if (diagnostic.Properties.ContainsKey(FixProperties.AlsoVectors) && (statement is null || !call.HasPlainTensor))
            return [];
        var fitting = FittingInitialization.For((LayerKind)Enum.Parse(typeof(LayerKind), activation));
        return
        [
            Remedy.At(call.Call, "random", $"Use {fitting.Name} initialization", editor =>
            {
                if (statement is null)
                    editor.ReplaceNode(call.Call, call.With(fitting));
                else
                    editor.ReplaceNode(statement, ByDimensions(call, fitting, statement));
            }),
        ];
    }

    private static IfStatementSyntax ByDimensions(InitializerCall call, FittingInitialization fitting, ExpressionStatementSyntax statement) => SyntaxFactory
        .IfStatement(
            SyntaxFactory.ParseExpression($"{call.Tensor.WithoutTrivia()}.dim() > 1"),
            SyntaxFactory.ExpressionStatement(call.With(fitting).WithoutTrivia()),
            SyntaxFactory.ElseClause(SyntaxFactory.ExpressionStatement(call.With(TorchSharpNames.Initializers.Zeros).WithoutTrivia())))
        .WithTriviaFrom(statement)
        .WithAdditionalAnnotations(Formatter.Annotation);
}
