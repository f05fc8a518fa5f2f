using GradLint.CodeFixes.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Propagation.Counterfactuals;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace GradLint.CodeFixes.Models;

/// <summary>Norms as fields beside those of the layers before them, made where these are made and called in <c>forward</c>.</summary>
internal sealed class NormFields(AnalysedModel model)
{
    private const string Stem = "norm";

    private readonly Dictionary<FieldDeclarationSyntax, List<(string Type, string Name, ExpressionSyntax? Value)>> _fields = [];
    private readonly List<(StatementSyntax After, string Name, ExpressionSyntax Value)> _assignments = [];
    private readonly Dictionary<TypeDeclarationSyntax, LayerName> _names = [];

    /// <summary>The fields and assignments that the steps so far call for.</summary>
    public IEnumerable<EditStep> Declarations =>
    [
        .. _fields.Select(pair => (EditStep)(async (edit, token) =>
        {
            if (edit.IsFirst(pair.Key, Stem) && await edit.EditorAsync(pair.Key.SyntaxTree, token).ConfigureAwait(false) is { } editor)
                editor.InsertAfter(pair.Key, pair.Value.GroupBy(norm => norm.Type).Select(fields => Declaration(pair.Key, fields.Key, [.. fields])));
        })),
        .. _assignments.Select(assignment => (EditStep)(async (edit, token) =>
        {
            if (edit.IsFirst(assignment.After, Stem) && await edit.EditorAsync(assignment.After.SyntaxTree, token).ConfigureAwait(false) is { } editor)
            {
                editor.InsertAfter(assignment.After, SyntaxFactory.ParseStatement($"{assignment.Name} = {assignment.Value};")
                    .WithLeadingTrivia(Indentation(assignment.After)).WithTrailingTrivia(EndOfLine(assignment.After)));
            }
        })),
    ];

    /// <summary>Calls a norm before an activation; null where the layer before is no field of the same type.</summary>
    public EditStep? Before(ForwardCall activation, CodeSite layer, InsertedNorm norm, CancellationToken cancellationToken)
    {
        if (layer.Node is not InvocationExpressionSyntax made
            || LayerField(layer, cancellationToken) is not { } field
            || field.Declaration.Parent != activation.Call.FirstAncestorOrSelf<TypeDeclarationSyntax>())
        {
            return null;
        }

        var owner = (TypeDeclarationSyntax)field.Declaration.Parent!;
        var place = field.Assignment ?? (SyntaxNode)made;
        if (WidthExpression.At(layer, model.Graph.Nodes[norm.Layer].Kind, place, norm.Width, cancellationToken) is not { } width)
            return null;
        if (!_names.TryGetValue(owner, out var names))
        {
            _names.Add(owner, names = new(Stem, model.Graph));
            names.Take(owner.Members.SelectMany(Declared));
        }

        var name = names.Beside(field.Name);
        var type = LayerTable.Describe(norm.Kind).Modules[0];
        var value = LayerCall.Like(made, type, width);
        if (!_fields.TryGetValue(field.Declaration, out var fields))
            _fields.Add(field.Declaration, fields = []);
        fields.Add((type, name, field.Assignment is null ? value : null));
        if (field.Assignment is { } assignment)
            _assignments.Add((assignment, name, value));

        return async (edit, token) =>
        {
            if (edit.IsFirst(activation.Call, Stem) && await edit.EditorAsync(activation.Call.SyntaxTree, token).ConfigureAwait(false) is { } editor)
            {
                editor.ReplaceNode(activation.Input, (current, _) => SyntaxFactory.InvocationExpression(
                    SyntaxFactory.ParseExpression($"{name}.{TorchSharpNames.ModuleMembers.Call}"),
                    SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument((ExpressionSyntax)current.WithoutTrivia())))).WithTriviaFrom(current));
            }
        };
    }

    /// <summary>The field that a layer is put into, by its initialiser or by an assignment.</summary>
    private static (FieldDeclarationSyntax Declaration, string Name, StatementSyntax? Assignment)? LayerField(CodeSite layer, CancellationToken cancellationToken) => layer.Node.Parent switch
    {
        EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax declaration } variable } => (declaration, variable.Identifier.ValueText, null),
        AssignmentExpressionSyntax { Parent: ExpressionStatementSyntax { Parent: BlockSyntax } statement } assignment
            when layer.Model.GetSymbolInfo(assignment.Left, cancellationToken).Symbol is IFieldSymbol field
            && field.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken) is VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax declaration } =>
            (declaration, field.Name, statement),
        _ => null,
    };

    private static IEnumerable<string> Declared(MemberDeclarationSyntax member) => member switch
    {
        FieldDeclarationSyntax field => field.Declaration.Variables.Select(variable => variable.Identifier.ValueText),
        PropertyDeclarationSyntax property => [property.Identifier.ValueText],
        MethodDeclarationSyntax method => [method.Identifier.ValueText],
        _ => [],
    };

    private static MemberDeclarationSyntax Declaration(FieldDeclarationSyntax beside, string type, IReadOnlyList<(string Type, string Name, ExpressionSyntax? Value)> fields)
    {
        var variables = string.Join(", ", fields.Select(field => field.Value is null ? field.Name : $"{field.Name} = {field.Value}"));
        var declaration = SyntaxFactory.ParseMemberDeclaration($"{beside.Modifiers.ToString()} {QualifiedName.Full(TorchSharpNames.ModulesNamespace)}.{type} {variables};")!;
        var name = declaration.DescendantNodes().OfType<QualifiedNameSyntax>().First();
        return declaration
            .ReplaceNode(name, name.WithAdditionalAnnotations(Simplifier.Annotation))
            .WithLeadingTrivia(Indentation(beside)).WithTrailingTrivia(EndOfLine(beside));
    }

    private static IEnumerable<SyntaxTrivia> Indentation(SyntaxNode node) => node.GetLeadingTrivia().Reverse().TakeWhile(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia));

    private static IEnumerable<SyntaxTrivia> EndOfLine(SyntaxNode node) => node.GetTrailingTrivia().Where(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia));
}
