using GradLint.Analyzers.Framework;
using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL3005: <c>h = h.detach();</c> at the end of the loop's body, after everything that needs the graph of this batch.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DetachHiddenState))]
public sealed class DetachHiddenState() : GradLintFix(RuleIds.HiddenStateNotDetached)
{
    protected override async Task<IReadOnlyList<Remedy>> RemediesAsync(Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var loop = await CodeSite.AtAsync(document.Project.Solution, diagnostic.AdditionalLocations[0], cancellationToken).ConfigureAwait(false);
        var repeated = loop?.Node is MethodDeclarationSyntax method ? method.Body : StatementPlace.BodyOf(loop?.Node.FirstAncestorOrSelf<StatementSyntax>());
        if (repeated is not { Statements.Count: > 0 } body
            || body.DescendantNodes().Any(node => node is ContinueStatementSyntax || repeated.Parent is MethodDeclarationSyntax && node is ReturnStatementSyntax && node != body.Statements.Last())
            || !diagnostic.Properties.TryGetValue(FixProperties.States, out var states) || states is null)
        {
            return [];
        }

        var statements = states.Split(FixProperties.Separator).Select(name => Detached(name, body, loop!)).ToArray();
        if (statements.Contains(null))
            return [];
        return
        [
            new("detach", $"Detach the state at the end of the {(body.Parent is MethodDeclarationSyntax ? "method" : "loop")}", async (edit, token) =>
            {
                if (await edit.EditorAsync(body.SyntaxTree, token).ConfigureAwait(false) is not { } editor || !edit.IsFirst(body))
                    return;
                var last = body.Statements[body.Statements.Count - 1];
                var detached = statements.Select(statement => ConstructorEdits.Statement(statement!));
                if (last is ReturnStatementSyntax)
                    editor.InsertBefore(last, detached);
                else
                    editor.InsertAfter(last, detached);
            }),
        ];
    }

    private static string? Detached(string name, BlockSyntax body, CodeSite site)
    {
        var type = site.Model.LookupSymbols(body.SpanStart, name: name).FirstOrDefault() switch
        {
            ILocalSymbol local => local.Type,
            IFieldSymbol field => field.Type,
            _ => null,
        };
        var value = name;
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
            (type, value) = (nullable.TypeArguments[0], $"{name}.Value");
        const string call = TorchSharpNames.TensorMembers.Detach + "()";
        return type switch
        {
            INamedTypeSymbol { IsTupleType: true } tuple when tuple.TupleElements.All(element => site.Types.IsTensor(element.Type)) =>
                $"{name} = ({string.Join(", ", tuple.TupleElements.Select(element => $"{value}.{element.Name}.{call}"))});",
            not null when site.Types.IsTensor(type) => $"{name} = {value}.{call};",
            _ => null,
        };
    }
}
