using GradLint.CodeFixes.Framework;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Models;

/// <summary>Where <c>forward</c> applies a layer or function: <c>act.call(x)</c>, <c>functional.relu(x)</c>, <c>x.relu()</c>.</summary>
/// <param name="Call">The call.</param>
/// <param name="Input">The tensor that it is applied to.</param>
/// <param name="Site">Where it stands.</param>
internal sealed record ForwardCall(InvocationExpressionSyntax Call, ExpressionSyntax Input, CodeSite Site)
{
    public static ForwardCall? Of(CodeSite site, CancellationToken cancellationToken)
    {
        if (site.Node is not InvocationExpressionSyntax call || site.Model.GetSymbolInfo(call, cancellationToken).Symbol is not IMethodSymbol method)
            return null;
        if (!method.IsStatic && site.Types.IsTensor(method.ContainingType))
            return call.Expression is MemberAccessExpressionSyntax access ? new(call, access.Expression, site) : null;
        return call.ArgumentList.Arguments.Count > 0 ? new(call, call.ArgumentList.Arguments[0].Expression, site) : null;
    }
}
