using GradLint.Analyzers.Framework;
using GradLint.Core.Knowledge;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace GradLint.CodeFixes.Framework;

/// <summary>Turns a field that is a list, array or dictionary of layers into a <c>ModuleList</c> or <c>ModuleDict</c>.</summary>
internal sealed class ContainerConversion
{
    private const string ToArray = nameof(Enumerable.ToArray), ToList = nameof(Enumerable.ToList);

    private readonly List<Action<SyntaxEditor>> _edits = [];
    private readonly SemanticModel _model;
    private readonly CancellationToken _cancellationToken;
    private readonly string _container;
    private readonly HashSet<ExpressionSyntax> _bounds = [];
    private ExpressionSyntax? _size;

    private ContainerConversion(ISymbol member, string container, string element, SemanticModel model, CancellationToken cancellationToken)
    {
        Member = member;
        Container = container;
        _container = $"{QualifiedName.Full(TorchSharpNames.ModulesNamespace)}.{container}<{element}>";
        _model = model;
        _cancellationToken = cancellationToken;
    }

    public ISymbol Member { get; }

    public string Container { get; }

    /// <summary>The conversion of the field or auto-property declared at a site, or null when some use of it has no counterpart.</summary>
    public static ContainerConversion? Of(CodeSite site, CancellationToken cancellationToken)
    {
        var declaration = site.Node.FirstAncestorOrSelf<SyntaxNode>(node => node is VariableDeclaratorSyntax or PropertyDeclarationSyntax);
        if (declaration is null
            || site.Model.GetDeclaredSymbol(declaration, cancellationToken) is not { DeclaredAccessibility: Accessibility.Private } member
            || DeclaredType(declaration) is not { } type
            || Kind(site.Model.GetTypeInfo(type, cancellationToken).Type, site.Types) is not { } kind
            || member.ContainingType.DeclaringSyntaxReferences.Length != 1)
        {
            return null;
        }

        var conversion = new ContainerConversion(member, kind.Container, kind.Element.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), site.Model, cancellationToken);
        conversion._edits.Add(editor => editor.ReplaceNode(type, conversion.ContainerType().WithTriviaFrom(type)));
        return conversion.PlanInitializer(declaration) && conversion.PlanUses(declaration.FirstAncestorOrSelf<TypeDeclarationSyntax>()!) ? conversion : null;
    }

    public void Apply(SyntaxEditor editor)
    {
        foreach (var edit in _edits)
            edit(editor);
    }

    /// <summary>The type of a member that is declared alone.</summary>
    private static TypeSyntax? DeclaredType(SyntaxNode declaration) => declaration switch
    {
        VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1 } variables } => variables.Type,
        PropertyDeclarationSyntax property => property.Type,
        _ => null,
    };

    private static (string Container, ITypeSymbol Element)? Kind(ITypeSymbol? type, KnownTypes types) => type switch
    {
        IArrayTypeSymbol { Rank: 1 } array when types.IsModule(array.ElementType) => ("ModuleList", array.ElementType),
        INamedTypeSymbol { Name: "List" or "IList", TypeArguments: { Length: 1 } arguments } when types.IsModule(arguments[0]) => ("ModuleList", arguments[0]),
        INamedTypeSymbol { Name: "Dictionary", TypeArguments: { Length: 2 } arguments }
            when types.IsModule(arguments[1]) && arguments[0].SpecialType == SpecialType.System_String => ("ModuleDict", arguments[1]),
        _ => null,
    };

    private TypeSyntax ContainerType() => SyntaxFactory.ParseTypeName(_container).WithAdditionalAnnotations(Simplifier.Annotation);

    private bool PlanInitializer(SyntaxNode declaration) => declaration switch
    {
        VariableDeclaratorSyntax { Initializer.Value: { } value } => PlanCreation(value),
        PropertyDeclarationSyntax { Initializer.Value: { } value } => PlanCreation(value),
        _ => true,
    };

    /// <summary>A collection that is made: <c>new()</c>, <c>new List&lt;T&gt; { … }</c>, <c>new T[] { … }</c>, <c>{ … }</c>.</summary>
    private bool PlanCreation(ExpressionSyntax value)
    {
        switch (value)
        {
            case ImplicitObjectCreationExpressionSyntax { ArgumentList.Arguments.Count: 0 } creation:
                return PlanElements(creation.Initializer);
            case ObjectCreationExpressionSyntax { ArgumentList: null or { Arguments.Count: 0 } } creation:
                _edits.Add(editor => editor.ReplaceNode(creation.Type, (current, _) => ContainerType().WithTriviaFrom(current)));
                return PlanElements(creation.Initializer);
            case ArrayCreationExpressionSyntax { Initializer: { } elements }:
                PlanArray(value, elements);
                return true;
            case ImplicitArrayCreationExpressionSyntax { Initializer: { } elements }:
                PlanArray(value, elements);
                return true;
            case InitializerExpressionSyntax elements:
                PlanArray(value, elements);
                return true;
            case ArrayCreationExpressionSyntax sized:
                return PlanSized(sized);
            case { RawKind: CollectionExpressions.Kind }:
                return PlanCollectionExpression(value);
            default:
                return PlanSequence(value);
        }
    }

    /// <summary><c>new T[4]</c>, whose elements are then set one after the other, becomes an empty list that they are added to.</summary>
    private bool PlanSized(ArrayCreationExpressionSyntax creation)
    {
        if (Container != "ModuleList" || _size is not null)
            return false;
        _size = creation.Type.RankSpecifiers[0].Sizes[0];
        _edits.Add(editor => editor.ReplaceNode(creation, SyntaxFactory.ObjectCreationExpression(ContainerType().WithLeadingTrivia(SyntaxFactory.Space))
            .WithArgumentList(SyntaxFactory.ArgumentList()).WithTriviaFrom(creation)));
        return true;
    }

    /// <summary><c>[a, b]</c> becomes <c>new(a, b)</c>.</summary>
    private bool PlanCollectionExpression(ExpressionSyntax value)
    {
        if (Container != "ModuleList" || value.ChildNodes().Any(element => element.RawKind != CollectionExpressions.ElementKind))
            return false;
        var text = value.WithoutTrivia().ToString();
        _edits.Add(editor => editor.ReplaceNode(value, SyntaxFactory.ParseExpression($"new({text.Substring(1, text.Length - 2)})").WithTriviaFrom(value)));
        return true;
    }

    /// <summary>A sequence in an array or list, <c>layers.ToArray()</c>, is passed to the container.</summary>
    private bool PlanSequence(ExpressionSyntax value)
    {
        if (Container != "ModuleList" || value is not InvocationExpressionSyntax { ArgumentList.Arguments.Count: 0, Expression: MemberAccessExpressionSyntax { Name: IdentifierNameSyntax { Identifier.ValueText: ToArray or ToList } method } } call)
            return false;
        _edits.Add(editor => editor.ReplaceNode(call, (current, _) => SyntaxFactory.ObjectCreationExpression(ContainerType().WithLeadingTrivia(SyntaxFactory.Space))
            .WithArgumentList(SyntaxFactory.ArgumentList(SyntaxFactory.SingletonSeparatedList(SyntaxFactory.Argument((ExpressionSyntax)current.WithoutTrivia()))))
            .WithTriviaFrom(current)));
        if (method.Identifier.ValueText == ToList)
            _edits.Insert(0, editor => editor.ReplaceNode(method, SyntaxFactory.IdentifierName(ToArray)));
        return true;
    }

    private void PlanArray(ExpressionSyntax value, InitializerExpressionSyntax elements) => _edits.Add(editor => editor.ReplaceNode(
        value,
        SyntaxFactory.ObjectCreationExpression(ContainerType().WithLeadingTrivia(SyntaxFactory.Space))
            .WithArgumentList(SyntaxFactory.ArgumentList(SyntaxFactory.SeparatedList(
                elements.Expressions.Select(element => SyntaxFactory.Argument(element.WithoutTrivia())),
                elements.Expressions.Skip(1).Select(_ => SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space)))))
            .WithTriviaFrom(value)));

    /// <summary><c>["key"] = layer</c> has to become <c>{ "key", layer }</c>: a ModuleDict's indexer only replaces.</summary>
    private bool PlanElements(InitializerExpressionSyntax? initializer)
    {
        foreach (var element in initializer?.Expressions ?? default)
        {
            if (element is AssignmentExpressionSyntax { Left: ImplicitElementAccessSyntax { ArgumentList.Arguments: { Count: 1 } key } } entry)
            {
                _edits.Add(editor => editor.ReplaceNode(entry, SyntaxFactory
                    .ParseExpression($"new() {{ {{ {key[0]}, {entry.Right} }} }}")
                    .DescendantNodes().OfType<InitializerExpressionSyntax>().Last()
                    .WithTriviaFrom(entry).WithAdditionalAnnotations(Formatter.Annotation)));
            }
        }

        if (initializer is not null && initializer.Expressions.Any(element => element is AssignmentExpressionSyntax))
            _edits.Add(editor => editor.ReplaceNode(initializer, (current, _) => SyntaxFactory.InitializerExpression(
                SyntaxKind.CollectionInitializerExpression, ((InitializerExpressionSyntax)current).OpenBraceToken,
                ((InitializerExpressionSyntax)current).Expressions, ((InitializerExpressionSyntax)current).CloseBraceToken)));
        return true;
    }

    /// <summary>What sets the member or its elements comes first: it decides what becomes of the lengths that bound it.</summary>
    private bool PlanUses(TypeDeclarationSyntax type) => type.DescendantNodes().OfType<IdentifierNameSyntax>()
        .Where(name => name.Identifier.ValueText == Member.Name && SymbolEqualityComparer.Default.Equals(_model.GetSymbolInfo(name, _cancellationToken).Symbol, Member))
        .OrderBy(name => name.FirstAncestorOrSelf<AssignmentExpressionSyntax>(assignment => assignment.Left.Span.Contains(name.Span)) is null)
        .All(PlanUse);

    private bool PlanUse(IdentifierNameSyntax name)
    {
        var use = name.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } qualified ? qualified : (ExpressionSyntax)name;
        switch (use.Parent)
        {
            case ForEachStatementSyntax or ForEachVariableStatementSyntax:
                return Container == "ModuleList" || use.Parent is ForEachVariableStatementSyntax;
            case AssignmentExpressionSyntax assignment when assignment.Left == use:
                return PlanCreation(assignment.Right);
            case ElementAccessExpressionSyntax { Parent: AssignmentExpressionSyntax { Parent: ExpressionStatementSyntax } assignment } element when assignment.Left == element:
                return PlanElementAssignment(element, assignment);
            case ElementAccessExpressionSyntax { ArgumentList.Arguments.Count: 1 } element:
                return element.ArgumentList.Arguments[0].Expression is not RangeExpressionSyntax;
            case MemberAccessExpressionSyntax access when access.Expression == use:
                return PlanMember(access);
            default:
                return false;
        }
    }

    /// <summary>A key is added with its layer; in an array, the layers are added where they are set in the order of their places.</summary>
    private bool PlanElementAssignment(ElementAccessExpressionSyntax element, AssignmentExpressionSyntax assignment)
    {
        if (Container != "ModuleDict" && !IsNextInOrder(element, (ExpressionStatementSyntax)assignment.Parent!))
            return false;
        var key = Container == "ModuleDict" ? $"{element.ArgumentList.Arguments}, " : "";
        _edits.Add(editor => editor.ReplaceNode(
            assignment, SyntaxFactory.ParseExpression($"{element.Expression}.Add({key}{assignment.Right})").WithTriviaFrom(assignment)));
        return true;
    }

    /// <summary><c>layers[i] = …</c>, once for each turn of a loop that counts i from 0; or <c>layers[0] = …; layers[1] = …;</c></summary>
    private bool IsNextInOrder(ElementAccessExpressionSyntax element, ExpressionStatementSyntax statement)
    {
        if (_size is null || element.ArgumentList.Arguments is not { Count: 1 } arguments)
            return false;
        var others = statement.FirstAncestorOrSelf<MemberDeclarationSyntax>()!.DescendantNodes().OfType<ExpressionStatementSyntax>().Where(SetsElement).ToArray();
        var loop = (statement.Parent as ForStatementSyntax) ?? statement.Parent?.Parent as ForStatementSyntax;
        if (loop is not null)
        {
            return others.Length == 1 && arguments[0].Expression is IdentifierNameSyntax index
                && loop.Declaration is { Variables: { Count: 1 } counters } && counters[0].Identifier.ValueText == index.Identifier.ValueText && counters[0].Initializer?.Value is { } start && IsNumber(start, 0)
                && loop.Incrementors is { Count: 1 } steps && steps[0].ToString() is var step && (step == $"{index}++" || step == $"++{index}")
                && PlanBound(loop.Condition)
                && !loop.Statement.DescendantNodes().Any(node => node is ContinueStatementSyntax or BreakStatementSyntax);
        }

        return statement.Parent is BlockSyntax { Parent: ConstructorDeclarationSyntax } && others.All(other => other.Parent == statement.Parent) && IsNumber(arguments[0].Expression, Array.IndexOf(others, statement));

        bool SetsElement(ExpressionStatementSyntax other) => other.Expression is AssignmentExpressionSyntax { Left: ElementAccessExpressionSyntax { Expression: { } set } }
            && SymbolEqualityComparer.Default.Equals(_model.GetSymbolInfo(set, _cancellationToken).Symbol, Member);

        bool IsNumber(ExpressionSyntax expression, int number) => _model.GetConstantValue(expression, _cancellationToken) is { HasValue: true, Value: int value } && value == number;
    }

    /// <summary>A list that is filled up to its own length never ends: the array's size takes the place of that.</summary>
    private bool PlanBound(ExpressionSyntax? condition)
    {
        foreach (var length in condition?.DescendantNodes().OfType<MemberAccessExpressionSyntax>().Where(access => SymbolEqualityComparer.Default.Equals(_model.GetSymbolInfo(access.Expression, _cancellationToken).Symbol, Member)) ?? [])
        {
            if (_size is not (LiteralExpressionSyntax or IdentifierNameSyntax))
                return false;
            _bounds.Add(length);
            _edits.Add(editor => editor.ReplaceNode(length, _size.WithTriviaFrom(length)));
        }

        return true;
    }

    private bool PlanMember(MemberAccessExpressionSyntax access)
    {
        if (_bounds.Contains(access))
            return true;
        switch (access.Name.Identifier.ValueText)
        {
            case "Add" or "Count" or "Contains" or "Clear" or "Insert" or "Keys" or "Values" or "ContainsKey" or "TryGetValue":
                return true;
            case "Length":
                Rename("Count");
                return true;
            case "AddRange":
                Rename("extend");
                return true;
            default:
                // LINQ works on both; a dictionary's pairs become tuples.
                return Container == "ModuleList" && _model.GetSymbolInfo(access, _cancellationToken).Symbol is IMethodSymbol { IsExtensionMethod: true };
        }

        void Rename(string member) => _edits.Add(editor => editor.ReplaceNode(access.Name, SyntaxFactory.IdentifierName(member).WithTriviaFrom(access.Name)));
    }
}
