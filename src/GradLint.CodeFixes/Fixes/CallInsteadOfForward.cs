using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL5008: <c>model.call(x)</c> in the place of <c>model.forward(x)</c>, where the module has a <c>call</c> that takes the same.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CallInsteadOfForward))]
public sealed class CallInsteadOfForward() : SiteFix(RuleIds.ForwardBypassesHooks)
{
    private protected override IReadOnlyList<Remedy> Remedies(CodeSite site, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (site.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { Expression: MemberAccessExpressionSyntax member } forward)
            return [];
        var name = SyntaxFactory.IdentifierName(TorchSharpNames.ModuleMembers.Call).WithTriviaFrom(member.Name);
        var call = forward.ReplaceNode(member.Name, name);
        var (before, after) = (site.Model.GetTypeInfo(forward, cancellationToken).Type, site.Model.GetSpeculativeTypeInfo(forward.SpanStart, call, SpeculativeBindingOption.BindAsExpression).Type);
        if (after is null or IErrorTypeSymbol || !SymbolEqualityComparer.Default.Equals(before, after))
            return [];
        return
        [
            Remedy.At(forward, "call", $"Write '{member.Expression.WithoutTrivia()}.{TorchSharpNames.ModuleMembers.Call}'", editor => editor.ReplaceNode(member.Name, name)),
        ];
    }
}
