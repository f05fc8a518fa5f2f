using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Framework;

/// <summary>
/// The operations of method bodies and initialisers, in whatever file of the compilation they stand; bound on demand
/// and kept for as long as the compilation lives. Safe to use from concurrent analyzer actions.
/// </summary>
public sealed class SourceOperations
{
    private static readonly ConditionalWeakTable<Compilation, SourceOperations> Cache = new();

    private readonly Compilation _compilation;
    private readonly ConcurrentDictionary<SyntaxTree, SemanticModel> _models = new();
    private readonly ConcurrentDictionary<SyntaxNode, IOperation?> _operations = new();
    private readonly ConcurrentDictionary<INamedTypeSymbol, IReadOnlyList<IOperation>> _bodies = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<INamedTypeSymbol, ILookup<ISymbol, IOperation>> _references = new(SymbolEqualityComparer.Default);

    private readonly Lazy<IReadOnlyList<INamedTypeSymbol>> _sourceTypes;
    private readonly Lazy<ILookup<string, InvocationExpressionSyntax>> _callsByName;

    private SourceOperations(Compilation compilation)
    {
        _compilation = compilation;
        _sourceTypes = new(() => AllTypes(compilation.Assembly.GlobalNamespace).ToArray());
        _callsByName = new(() => compilation.SyntaxTrees
            .SelectMany(tree => tree.GetRoot().DescendantNodes().OfType<InvocationExpressionSyntax>())
            .ToLookup(CalledName));
    }

    /// <summary>Every type declared in this compilation, nested ones included.</summary>
    public IReadOnlyList<INamedTypeSymbol> SourceTypes => _sourceTypes.Value;

    public static SourceOperations Of(Compilation compilation) => Cache.GetValue(compilation, key => new(key));

    /// <summary>
    /// Whether this compilation declares the symbol. One that another project declares may have source too, where the IDE
    /// and dotnet format pass that project instead of its assembly; the compiler does not see it, so nothing else may.
    /// </summary>
    public bool Declares(ISymbol symbol) =>
        !symbol.DeclaringSyntaxReferences.IsEmpty && SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, _compilation.Assembly);

    /// <summary>
    /// The body of a method, constructor (with its <c>: base(…)</c> call), accessor or local function, or null when it has
    /// none in source. A partial method is read where it is implemented.
    /// </summary>
    public IOperation? Body(IMethodSymbol method, CancellationToken cancellationToken)
    {
        var definition = method.PartialImplementationPart ?? method;
        if (!Declares(definition))
            return null;
        foreach (var reference in definition.OriginalDefinition.DeclaringSyntaxReferences)
        {
            var body = reference.GetSyntax(cancellationToken) switch
            {
                BaseMethodDeclarationSyntax declaration => (SyntaxNode)declaration,
                AccessorDeclarationSyntax accessor => accessor,
                ArrowExpressionClauseSyntax arrow => arrow,
                LocalFunctionStatementSyntax function => function,
                CompilationUnitSyntax topLevelStatements => topLevelStatements,

                // A primary constructor has no body of its own, but may pass arguments to the base.
                TypeDeclarationSyntax { BaseList: { } bases } => bases.Types.OfType<PrimaryConstructorBaseTypeSyntax>().FirstOrDefault(),
                _ => null,
            };
            if (body is not null && Operation(body, cancellationToken) is { } operation)
                return operation;
        }

        return null;
    }

    /// <summary>What a field or property is initialised with where it is declared, or null.</summary>
    public IOperation? Initializer(ISymbol fieldOrProperty, CancellationToken cancellationToken)
    {
        if (!Declares(fieldOrProperty))
            return null;
        foreach (var reference in fieldOrProperty.OriginalDefinition.DeclaringSyntaxReferences)
        {
            var initializer = reference.GetSyntax(cancellationToken) switch
            {
                VariableDeclaratorSyntax field => field.Initializer,
                PropertyDeclarationSyntax property => property.Initializer,
                _ => null,
            };
            if (initializer is not null)
                return Operation(initializer, cancellationToken);
        }

        return null;
    }

    /// <summary>Every body and initialiser of a type's own members, in the order of its members.</summary>
    public IReadOnlyList<IOperation> Bodies(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        if (_bodies.TryGetValue(type.OriginalDefinition, out var known))
            return known;
        var bodies = new List<IOperation>();
        foreach (var member in type.OriginalDefinition.GetMembers())
        {
            var body = member is IMethodSymbol method ? Body(method, cancellationToken) : Initializer(member, cancellationToken);
            if (body is not null)
                bodies.Add(body);
        }

        return _bodies.GetOrAdd(type.OriginalDefinition, bodies);
    }

    /// <summary>
    /// Every reference to a field or property in the bodies of its type and, when they can see it, of the types derived from it.
    /// </summary>
    public IEnumerable<IOperation> References(ISymbol fieldOrProperty, CancellationToken cancellationToken)
    {
        var definition = fieldOrProperty.OriginalDefinition;
        if (definition.ContainingType is not { } owner)
            return [];
        var types = definition.DeclaredAccessibility == Accessibility.Private ? [owner] : Derived(owner).Prepend(owner);
        return types.SelectMany(type => ReferencesIn(type, cancellationToken)[definition]);
    }

    /// <summary>
    /// Every call of a method in this compilation. The first question costs one syntactic pass over it; only calls by the
    /// method's name are bound.
    /// </summary>
    public IEnumerable<IInvocationOperation> Calls(IMethodSymbol method, CancellationToken cancellationToken) =>
        _callsByName.Value[method.Name]
            .Select(call => Operation(call, cancellationToken))
            .OfType<IInvocationOperation>()
            .Where(call => SymbolEqualityComparer.Default.Equals(call.TargetMethod.OriginalDefinition, method.OriginalDefinition));

    /// <summary>Every call in this compilation of a method whose name is one of those wanted.</summary>
    public IEnumerable<IInvocationOperation> Calls(Func<string, bool> isWanted, CancellationToken cancellationToken) =>
        _callsByName.Value.Where(calls => isWanted(calls.Key)).SelectMany(calls => calls)
            .Select(call => Operation(call, cancellationToken))
            .OfType<IInvocationOperation>();

    /// <summary>The types of this compilation that derive from <paramref name="type"/>, however remotely.</summary>
    public IEnumerable<INamedTypeSymbol> Derived(INamedTypeSymbol type) =>
        _sourceTypes.Value.Where(candidate => DerivesFrom(candidate, type.OriginalDefinition));

    private static bool DerivesFrom(INamedTypeSymbol type, INamedTypeSymbol ancestor)
    {
        for (var current = type.BaseType; current is not null; current = current.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(current.OriginalDefinition, ancestor))
                return true;
        }

        return false;
    }

    private ILookup<ISymbol, IOperation> ReferencesIn(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        if (_references.TryGetValue(type, out var known))
            return known;
        var references =
            from body in Bodies(type, cancellationToken)
            from operation in body.DescendantsAndSelf()
            where operation is IMemberReferenceOperation
            let member = ((IMemberReferenceOperation)operation).Member
            where member is IFieldSymbol or IPropertySymbol
            select (Member: member.OriginalDefinition, operation);
        return _references.GetOrAdd(type, references.ToLookup(pair => pair.Member, pair => pair.operation, SymbolEqualityComparer.Default));
    }

    /// <summary>The operation of a node, or null where it has none or belongs to another compilation, as a referenced project does in an IDE.</summary>
    public IOperation? Operation(SyntaxNode node, CancellationToken cancellationToken)
    {
        if (_operations.TryGetValue(node, out var known))
            return known;
        if (!_compilation.ContainsSyntaxTree(node.SyntaxTree))
            return null;
        var operation = Model(node.SyntaxTree).GetOperation(node, cancellationToken);
        return _operations.GetOrAdd(node, operation);
    }

    private static string CalledName(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
        SimpleNameSyntax name => name.Identifier.ValueText,
        _ => "",
    };

    private static IEnumerable<INamedTypeSymbol> AllTypes(INamespaceOrTypeSymbol container)
    {
        foreach (var member in container.GetMembers().OfType<INamespaceOrTypeSymbol>())
        {
            if (member is INamedTypeSymbol type)
                yield return type;
            foreach (var nested in AllTypes(member))
                yield return nested;
        }
    }

    public SemanticModel Model(SyntaxTree tree) =>
#pragma warning disable RS1030 // A model or training loop spans files; each tree is bound at most once per compilation, and only on demand.
        _models.GetOrAdd(tree, key => _compilation.GetSemanticModel(key));
#pragma warning restore RS1030
}
