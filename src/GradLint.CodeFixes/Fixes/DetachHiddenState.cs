using GradLint.Analyzers.Framework;
using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GradLint.CodeFixes.Fixes;

/// <summary>
/// GL3005: <c>h = h.detach();</c> at the end of the loop's body, after everything that needs the graph of this batch; for a
/// state of the model, where forward has kept it.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DetachHiddenState))]
public sealed class DetachHiddenState() : SiteFix(RuleIds.HiddenStateNotDetached, place: 0)
{
    private protected override IReadOnlyList<Remedy> Remedies(CodeSite site, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (site.Node.FirstAncestorOrSelf<StatementSyntax>() is ExpressionStatementSyntax kept)
            return AfterKept(kept, site, diagnostic);
        var repeated = site.Node is MethodDeclarationSyntax method ? method.Body : StatementPlace.BodyOf(site.Node.FirstAncestorOrSelf<StatementSyntax>());
        if (repeated is not { Statements.Count: > 0 } body
            || body.DescendantNodes().Any(node => node is ContinueStatementSyntax || repeated.Parent is MethodDeclarationSyntax && node is ReturnStatementSyntax && node != body.Statements.Last())
            || StatementsFor(diagnostic, body, site) is not { } statements)
        {
            return [];
        }

        return
        [
            Remedy.At(body, "detach", $"Detach the state at the end of the {(body.Parent is MethodDeclarationSyntax ? "method" : "loop")}", editor =>
            {
                var last = body.Statements[body.Statements.Count - 1];
                var detached = statements.Select(ConstructorEdits.Statement);
                if (last is ReturnStatementSyntax)
                    editor.InsertBefore(last, detached);
                else
                    editor.InsertAfter(last, detached);
            }),
        ];
    }

    private static IReadOnlyList<Remedy> AfterKept(ExpressionStatementSyntax kept, CodeSite site, Diagnostic diagnostic) =>
        kept.Parent is not BlockSyntax || StatementsFor(diagnostic, kept, site) is not { } statements
            ? []
            :
            [
                Remedy.At(kept, "detach", "Detach the state where it is kept", editor => editor.InsertAfter(kept, statements.Select(ConstructorEdits.Statement))),
            ];

    private static string[]? StatementsFor(Diagnostic diagnostic, SyntaxNode place, CodeSite site)
    {
        if (!diagnostic.Properties.TryGetValue(FixProperties.States, out var states) || states is null)
            return null;
        var statements = states.Split(FixProperties.Separator).Select(name => Detached(name, place, site)).OfType<string>().ToArray();
        return statements.Length == states.Split(FixProperties.Separator).Length ? statements : null;
    }

    private static string? Detached(string name, SyntaxNode place, CodeSite site)
    {
        var type = site.Model.LookupSymbols(place.SpanStart, name: name).FirstOrDefault() switch
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
