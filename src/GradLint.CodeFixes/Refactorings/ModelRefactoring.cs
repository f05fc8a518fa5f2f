using GradLint.CodeFixes.Framework;
using GradLint.CodeFixes.Models;
using GradLint.Core.Propagation.Counterfactuals;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeRefactorings;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GradLint.CodeFixes.Refactorings;

/// <summary>The base of the refactorings of a model: offered at the name of a module type and at the <c>Sequential</c> of a call.</summary>
public abstract class ModelRefactoring : CodeRefactoringProvider
{
    public sealed override async Task ComputeRefactoringsAsync(CodeRefactoringContext context)
    {
        if (await SiteAsync(context.Document, context.Span, context.CancellationToken).ConfigureAwait(false) is not { } site
            || AnalysedModel.Read(site, context.Document.Project.Solution, context.CancellationToken) is not { } model)
        {
            return;
        }

        foreach (var (key, title, edit) in Edits(model))
        {
            if (await SourceEdit.PlanAsync(model, edit, context.CancellationToken).ConfigureAwait(false) is { } plan)
                context.RegisterRefactoring(CodeAction.Create(title, token => ApplyAsync(model.Solution, plan, token), key));
        }
    }

    /// <summary>What can be done to a model; an edit that the code has no form for is not offered.</summary>
    private protected abstract IEnumerable<(string Key, string Title, ModelEdit Edit)> Edits(AnalysedModel model);

    /// <summary>The module type or <c>Sequential(…)</c> whose name is at the place.</summary>
    private static async Task<CodeSite?> SiteAsync(Document document, TextSpan span, CancellationToken cancellationToken)
    {
        var root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        SyntaxNode? model = root!.FindToken(span.Start).Parent switch
        {
            ClassDeclarationSyntax type when type.Identifier.Span.Contains(span.Start) => type,
            SimpleNameSyntax name => name.AncestorsAndSelf().TakeWhile(node => node is SimpleNameSyntax or MemberAccessExpressionSyntax).LastOrDefault()?.Parent as InvocationExpressionSyntax,
            _ => null,
        };
        if (model is null || await CodeSite.AtAsync(document.Project.Solution, model.GetLocation(), cancellationToken).ConfigureAwait(false) is not { } found)
            return null;
        var site = found with { Node = model };
        var isModel = model is ClassDeclarationSyntax
            ? site.Types.IsModule(site.Model.GetDeclaredSymbol(model, cancellationToken) as ITypeSymbol)
            : site.Model.GetSymbolInfo(model, cancellationToken).Symbol is IMethodSymbol method && SymbolEqualityComparer.Default.Equals(method.ContainingType, site.Types.NN) && site.Types.IsSequential(method.ReturnType);
        return isModel ? site : null;
    }

    private static async Task<Solution> ApplyAsync(Solution solution, SourceEdit plan, CancellationToken cancellationToken)
    {
        var edit = new SolutionEdit(solution);
        await plan.ApplyAsync(edit, cancellationToken).ConfigureAwait(false);
        return edit.Changed;
    }
}
