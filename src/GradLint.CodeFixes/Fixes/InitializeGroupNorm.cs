using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL2007: weight 1 and bias 0, set where the layer is made; one made in passing gets a local.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(InitializeGroupNorm))]
public sealed class InitializeGroupNorm() : SiteFix(RuleIds.UninitializedGroupNorm, place: 0)
{
    private protected override IReadOnlyList<Remedy> Remedies(CodeSite site, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (site.Node.FirstAncestorOrSelf<InvocationExpressionSyntax>() is not { } creation || creation.Span != site.Node.Span
            || site.Model.GetSymbolInfo(creation, cancellationToken).Symbol is not IMethodSymbol method
            || !SymbolEqualityComparer.Default.Equals(method.ContainingType, site.Types.NN))
        {
            return [];
        }

        var mayBeNull = site.Model.GetNullableContext(creation.SpanStart).WarningsEnabled()
            && method.ReturnType.GetMembers(TorchSharpNames.ModuleMembers.Bias).OfType<IPropertySymbol>().Any(bias => bias.NullableAnnotation == NullableAnnotation.Annotated);
        const string Title = "Set its weight to 1 and its bias to 0";
        if (LayerHolder.Of(creation, site.Model, cancellationToken) is not { IsOfItsOwnType: true } && PlaceBefore(creation) is { } place)
        {
            return
            [
                Remedy.At(creation, "set", Title, editor =>
                {
                    var name = Name(creation, site.Model);
                    foreach (var statement in Initialization(name, mayBeNull).Prepend(ConstructorEdits.Statement($"var {name} = {creation.WithoutTrivia()};")))
                        place.InsertBefore(editor, statement);
                    editor.ReplaceNode(creation, SyntaxFactory.IdentifierName(name).WithTriviaFrom(creation));
                }),
            ];
        }

        var code = new LayerCode("InitializeWeights", "norm", QualifiedName.Module(LayerKind.GroupNorm), (norm, _) => Initialization(norm, mayBeNull));
        return LayerHolder.After(creation, site.Model, cancellationToken) is { } after
            ? [new("set", Title, (edit, token) => edit.IsFirst(creation) ? after(edit, code, token) : Task.CompletedTask)]
            : [];
    }

    private static StatementSyntax[] Initialization(string norm, bool mayBeNull) => [Statement($"{InitializerCode.Init}.ones_({norm}.weight);"), Statement($"{InitializerCode.Init}.zeros_({norm}.bias{(mayBeNull ? "!" : "")});")];

    private static StatementSyntax Statement(string code)
    {
        var statement = SyntaxFactory.ParseStatement(code + "\n");
        var callee = statement.DescendantNodes().OfType<InvocationExpressionSyntax>().Single().Expression;
        return statement.ReplaceNode(callee, callee.WithAdditionalAnnotations(Simplifier.Annotation)).WithAdditionalAnnotations(Formatter.Annotation);
    }

    /// <summary>The statement that makes the layer, where it makes it once and unconditionally.</summary>
    private static StatementPlace? PlaceBefore(ExpressionSyntax creation)
    {
        var place = StatementPlace.Of(creation);
        return place?.Statement is LocalDeclarationStatementSyntax or ExpressionStatementSyntax or ReturnStatementSyntax
            && creation.Ancestors().TakeWhile(node => node != place.Statement).All(node =>
                node is not AnonymousFunctionExpressionSyntax and not ConditionalExpressionSyntax and not SwitchExpressionSyntax and not BinaryExpressionSyntax)
            ? place
            : null;
    }

    /// <summary>Numbered by the layers made before it, so that several get the same names whether one by one or at once.</summary>
    private static string Name(InvocationExpressionSyntax creation, SemanticModel model)
    {
        var member = creation.FirstAncestorOrSelf<MemberDeclarationSyntax>(node => node is not GlobalStatementSyntax) ?? creation.SyntaxTree.GetRoot();
        var made = model.GetSymbolInfo(creation).Symbol;
        var before = member.DescendantNodes().OfType<InvocationExpressionSyntax>().Count(call =>
            call.SpanStart < creation.SpanStart && SymbolEqualityComparer.Default.Equals(model.GetSymbolInfo(call).Symbol, made));
        return NewName.For(model, creation, before == 0 ? "norm" : $"norm{before + 1}");
    }
}
