using GradLint.Core.Knowledge;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;

namespace GradLint.CodeFixes.Framework;

/// <summary>
/// Where a model's weights can be drawn anew: at the end of the constructors of a module type, or right after the
/// statement that makes a <c>Sequential</c>.
/// </summary>
internal sealed class InitializationPlace
{
    private readonly Action<SyntaxEditor, InitializationBlock> _insert;

    private InitializationPlace(SyntaxNode node, Action<SyntaxEditor, InitializationBlock> insert)
    {
        Node = node;
        _insert = insert;
    }

    /// <summary>The constructor or statement that the initialisation goes into or after.</summary>
    public SyntaxNode Node { get; }

    /// <summary>The places for a model root, all of which are needed; empty where there is no certain one.</summary>
    /// <param name="root">The declaration of a module type, or the call that makes a <c>Sequential</c>.</param>
    /// <param name="model">Semantics of the root's document.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    public static IReadOnlyList<InitializationPlace> Of(SyntaxNode root, SemanticModel model, CancellationToken cancellationToken)
    {
        if (root is TypeDeclarationSyntax declaration)
            return OfType(declaration, model, cancellationToken);
        return AfterStatement(root, model) is { } place ? [place] : [];
    }

    public void Insert(SyntaxEditor editor, InitializationBlock block) => _insert(editor, block);

    private static IReadOnlyList<InitializationPlace> OfType(TypeDeclarationSyntax declaration, SemanticModel model, CancellationToken cancellationToken)
    {
        if (model.GetDeclaredSymbol(declaration, cancellationToken) is not { } type)
            return [];
        var constructors = type.InstanceConstructors
            .SelectMany(constructor => constructor.DeclaringSyntaxReferences)
            .Select(reference => reference.GetSyntax(cancellationToken))
            .ToArray();

        // A primary constructor has no body to initialise in.
        if (constructors.Length == 0 || constructors.Any(constructor => constructor is not ConstructorDeclarationSyntax))
            return [];
        return ConstructorEdits.OwnConstructors(type, cancellationToken)
            .Select(constructor => new InitializationPlace(constructor, (editor, block) => AtEnd(editor, constructor, model.Compilation.GetSemanticModel(constructor.SyntaxTree), block)))
            .ToArray();
    }

    private static void AtEnd(SyntaxEditor editor, ConstructorDeclarationSyntax constructor, SemanticModel model, InitializationBlock block)
    {
        var statement = block.ToStatement(null, NewName.Source(model, constructor));
        var registers = constructor.DescendantNodes().OfType<InvocationExpressionSyntax>().Any(call =>
            model.GetSymbolInfo(call).Symbol is IMethodSymbol { Name: TorchSharpNames.ModuleMembers.RegisterComponents or TorchSharpNames.ModuleMembers.RegisterModule });
        StatementSyntax[] appended = registers ? [statement] : [ConstructorEdits.Statement($"{TorchSharpNames.ModuleMembers.RegisterComponents}();"), statement];
        editor.ReplaceNode(constructor, (current, _) => ((ConstructorDeclarationSyntax)current).WithAppended(appended));
    }

    /// <summary>After <c>var model = Sequential(…);</c> or <c>model = Sequential(…);</c>, and what is appended to it.</summary>
    private static InitializationPlace? AfterStatement(SyntaxNode creation, SemanticModel model)
    {
        var value = creation.AncestorsAndSelf().OfType<ExpressionSyntax>().TakeWhile(node => node is not AssignmentExpressionSyntax)
            .LastOrDefault(node => node.Parent is EqualsValueClauseSyntax or AssignmentExpressionSyntax or ReturnStatementSyntax or ArrowExpressionClauseSyntax);
        switch (value?.Parent)
        {
            case EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent.Parent: LocalDeclarationStatementSyntax statement } variable }:
                return After(LastAppend(statement, variable.Identifier.ValueText), variable.Identifier.ValueText, model);
            case AssignmentExpressionSyntax { Parent: ExpressionStatementSyntax statement, Left: IdentifierNameSyntax or MemberAccessExpressionSyntax } assignment:
                return After(LastAppend(statement, assignment.Left.ToString()), assignment.Left.ToString(), model);
            case ReturnStatementSyntax { Parent: BlockSyntax or SwitchSectionSyntax } statement:
                return InsteadOfReturn(statement, model);
            case ArrowExpressionClauseSyntax { Parent: MethodDeclarationSyntax method }:
                return InsteadOfArrow(method, model);
            default:
                return null;
        }
    }

    /// <summary>The last statement in the same block that still appends to the model.</summary>
    private static StatementSyntax LastAppend(StatementSyntax creation, string name)
    {
        var siblings = creation.Parent switch
        {
            BlockSyntax block => block.Statements.AsEnumerable(),
            GlobalStatementSyntax { Parent: CompilationUnitSyntax unit } => unit.Members.OfType<GlobalStatementSyntax>().Select(global => global.Statement),
            _ => [],
        };
        return siblings.Where(statement => statement.SpanStart > creation.SpanStart).LastOrDefault(statement =>
            statement.DescendantNodes().OfType<MemberAccessExpressionSyntax>().Any(access =>
                access.Name.Identifier.ValueText == TorchSharpNames.ModuleMembers.Append && access.Expression.ToString() == name)) ?? creation;
    }

    private static InitializationPlace? After(StatementSyntax statement, string name, SemanticModel model) =>
        statement.Parent is BlockSyntax or GlobalStatementSyntax
            ? new(statement, (editor, initialization) =>
            {
                var block = initialization.ToStatement(name, NewName.Source(model, statement)).ApartFrom(statement);
                if (!statement.GetTrailingTrivia().Any(SyntaxKind.EndOfLineTrivia))
                {
                    // The last line of the file.
                    block = block.WithLeadingTrivia(block.GetLeadingTrivia().Insert(0, SyntaxFactory.LineFeed)).WithTrailingTrivia();
                }

                if (statement.Parent is GlobalStatementSyntax global)
                    editor.InsertAfter(global, SyntaxFactory.GlobalStatement(block));
                else
                    editor.InsertAfter(statement, block);
            })
            : null;

    /// <summary><c>return Sequential(…);</c> becomes a local that is returned after its initialisation.</summary>
    private static InitializationPlace InsteadOfReturn(ReturnStatementSyntax statement, SemanticModel model) => new(statement, (editor, initialization) =>
    {
        var free = NewName.Source(model, statement);
        var name = free("model");
        var block = initialization.ToStatement(name, free);

        // By the list's own edit: the returned expression may have been edited too, and is taken as it is by then.
        var mark = new SyntaxAnnotation();
        editor.ReplaceNode(statement, (current, _) => current.WithAdditionalAnnotations(mark));
        editor.ReplaceNode(statement.Parent!, (current, _) =>
        {
            var returned = (ReturnStatementSyntax)current.GetAnnotatedNodes(mark).Single();
            var local = SyntaxFactory.ParseStatement($"var {name} = {name};").WithTriviaFrom(returned);
            var value = local.DescendantNodes().OfType<EqualsValueClauseSyntax>().Single().Value;
            var result = SyntaxFactory.IdentifierName(name).WithTriviaFrom(returned.Expression!);
            return current.ReplaceNode(returned, (SyntaxNode[])
            [
                local.ReplaceNode(value, returned.Expression!),
                block,
                returned.WithExpression(result).WithLeadingTrivia(returned.GetLeadingTrivia().Where(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia))),
            ]);
        });
    });

    /// <summary><c>=> Sequential(…);</c> becomes a block with a local that is returned after its initialisation.</summary>
    private static InitializationPlace InsteadOfArrow(MethodDeclarationSyntax method, SemanticModel model) => new(method, (editor, initialization) =>
    {
        var free = NewName.Source(model, method);
        var name = free("model");
        var block = initialization.ToStatement(name, free);
        editor.ReplaceNode(method, (current, _) =>
        {
            var edited = (MethodDeclarationSyntax)current;
            var local = SyntaxFactory.ParseStatement($"var {name} = {name};\n");
            var value = local.DescendantNodes().OfType<EqualsValueClauseSyntax>().Single().Value;
            return edited
                .WithExpressionBody(null)
                .WithSemicolonToken(default)
                .WithParameterList(edited.ParameterList.WithTrailingTrivia(SyntaxFactory.LineFeed))
                .WithBody(SyntaxFactory.Block(local.ReplaceNode(value, edited.ExpressionBody!.Expression), block, SyntaxFactory.ParseStatement($"return {name};\n")))
                .WithTrailingTrivia(edited.GetTrailingTrivia())
                .WithAdditionalAnnotations(Formatter.Annotation);
        });
    });
}
