using System.Text.RegularExpressions;
using GradLint.Core.Knowledge;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;

namespace GradLint.CodeFixes.Framework;

/// <summary>
/// A static method that layers go through where they are made: <c>Linear(8, 8)</c> becomes <c>InitializeWeights(Linear(8, 8))</c>.
/// It serves where no statement can follow: in field initialisers, classes with a primary constructor, elements of lists.
/// </summary>
/// <param name="name">What it is called where that name is free.</param>
/// <param name="type">The type that it takes and gives, in full; null where it serves layers of several types.</param>
/// <param name="value">The name of its parameter.</param>
/// <param name="body">The statements before it returns its parameter.</param>
internal sealed class InitializingMethod(string name, string? type, string value, IReadOnlyList<StatementSyntax> body)
{
    /// <summary>Whether the expression stands where such a method can be called and declared.</summary>
    public static bool CanWrap(ExpressionSyntax made) => Owner(made) is ClassDeclarationSyntax or StructDeclarationSyntax or RecordDeclarationSyntax or GlobalStatementSyntax;

    public async Task WrapAsync(SolutionEdit edit, ExpressionSyntax made, CancellationToken cancellationToken)
    {
        if (Owner(made) is not { } owner || await edit.EditorAsync(made.SyntaxTree, cancellationToken).ConfigureAwait(false) is not { } editor)
            return;
        var key = editor.SemanticModel.GetDeclaredSymbol(owner, cancellationToken)?.ToDisplayString() ?? made.SyntaxTree.FilePath;
        var taken = edit.Once((key, "names"), () => new HashSet<string>(editor.SemanticModel.LookupSymbols(made.SpanStart).Select(symbol => symbol.Name)));
        var called = edit.Once((key, Declaration(name).ToString()), () => Written(editor, owner) ?? Declared(editor, owner, taken));
        if (!edit.IsFirst(made, called))
            return;
        editor.ReplaceNode(made, (current, _) => SyntaxFactory.InvocationExpression(
            SyntaxFactory.IdentifierName(called),
            SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument((ExpressionSyntax)current.WithoutTrivia())))).WithTriviaFrom(current));
    }

    /// <summary>The type whose method it becomes, or the last statement of a top-level program.</summary>
    private static SyntaxNode? Owner(ExpressionSyntax made) =>
        made.FirstAncestorOrSelf<TypeDeclarationSyntax>()
        ?? (SyntaxNode?)(made.FirstAncestorOrSelf<GlobalStatementSyntax>()?.Parent as CompilationUnitSyntax)?.Members.OfType<GlobalStatementSyntax>().Last();

    /// <summary>The name of a method of the type that does the same already.</summary>
    private string? Written(DocumentEditor editor, SyntaxNode owner) => owner is not TypeDeclarationSyntax declaration
        ? null
        : declaration.Members.OfType<MethodDeclarationSyntax>()
            .FirstOrDefault(method => method.Modifiers.Any(SyntaxKind.StaticKeyword) && Unqualified(method, editor.SemanticModel) == Unqualified(Declaration(method.Identifier.ValueText), null))
            ?.Identifier.ValueText;

    private string Declared(DocumentEditor editor, SyntaxNode owner, HashSet<string> taken)
    {
        var free = taken.Contains(name) ? Enumerable.Range(2, int.MaxValue - 2).Select(number => $"{name}{number}").First(other => !taken.Contains(other)) : name;
        taken.Add(free);
        var method = Declaration(free).WithLeadingTrivia(SyntaxFactory.LineFeed);
        if (owner is GlobalStatementSyntax last)
        {
            var function = SyntaxFactory.ParseStatement("\n" + method.WithModifiers(SyntaxFactory.TokenList(method.Modifiers.Where(modifier => modifier.IsKind(SyntaxKind.StaticKeyword)))).ToString() + "\n");
            editor.InsertAfter(last, SyntaxFactory.GlobalStatement(InitializerCode.Simplifiable(function).WithAdditionalAnnotations(Formatter.Annotation)));
        }
        else
        {
            editor.ReplaceNode(owner, (current, _) => ((TypeDeclarationSyntax)current).AddMembers(InitializerCode.Simplifiable(method).WithAdditionalAnnotations(Formatter.Annotation)));
        }

        return free;
    }

    private MethodDeclarationSyntax Declaration(string called)
    {
        const string generic = "TModule";
        var constraint = type is null ? $"\n    where {generic} : {QualifiedName.Full(TorchSharpNames.Types.Module)}" : "";
        var statements = string.Concat(body.Select(statement => statement.ToFullString())) + (body[body.Count - 1] is ExpressionStatementSyntax ? "" : "\n");
        return (MethodDeclarationSyntax)SyntaxFactory.ParseMemberDeclaration(
            $"private static {type ?? generic} {called}{(type is null ? $"<{generic}>" : "")}({type ?? generic} {value}){constraint}\n{{\n{statements}return {value};\n}}\n")!;
    }

    /// <summary>The method's tokens without the namespaces and types that names are qualified with; all of them where no semantics tell.</summary>
    private static string Unqualified(MethodDeclarationSyntax method, SemanticModel? model)
    {
        if (model is null)
            return Tokens(method.DescendantTokens()).Replace("global :: ", "§").Split('§').Aggregate((text, rest) => text + Regex.Replace(rest, @"^(?:\w+ \. )*", ""));
        var qualifiers = method.DescendantNodes()
            .Select(node => node switch
            {
                MemberAccessExpressionSyntax access => access.Expression,
                QualifiedNameSyntax qualified => qualified.Left,
                _ => (SyntaxNode?)null,
            })
            .Where(qualifier => qualifier is not null && model.GetSymbolInfo(qualifier).Symbol is INamespaceOrTypeSymbol)
            .Select(qualifier => qualifier!.FullSpan).ToArray();
        return Tokens(method.DescendantTokens().Where(token => !qualifiers.Any(span => span.Contains(token.Span) || span.End == token.SpanStart && token.IsKind(SyntaxKind.DotToken))));

        static string Tokens(IEnumerable<SyntaxToken> tokens) => string.Join(" ", tokens.Select(token => token.ValueText));
    }
}
