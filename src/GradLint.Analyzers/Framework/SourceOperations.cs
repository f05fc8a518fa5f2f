using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

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

    private SourceOperations(Compilation compilation) => _compilation = compilation;

    public static SourceOperations Of(Compilation compilation) => Cache.GetValue(compilation, key => new(key));

    /// <summary>
    /// The body of a method, constructor (with its <c>: base(…)</c> call), accessor or local function, or null when it has
    /// none in source. A partial method is read where it is implemented.
    /// </summary>
    public IOperation? Body(IMethodSymbol method, CancellationToken cancellationToken)
    {
        var definition = method.PartialImplementationPart ?? method;
        foreach (var reference in definition.OriginalDefinition.DeclaringSyntaxReferences)
        {
            var body = reference.GetSyntax(cancellationToken) switch
            {
                BaseMethodDeclarationSyntax declaration => (SyntaxNode)declaration,
                AccessorDeclarationSyntax accessor => accessor,
                ArrowExpressionClauseSyntax arrow => arrow,
                LocalFunctionStatementSyntax function => function,
                CompilationUnitSyntax topLevelStatements => topLevelStatements,
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

    /// <summary>The operation of a node, or null where it has none.</summary>
    public IOperation? Operation(SyntaxNode node, CancellationToken cancellationToken)
    {
        if (_operations.TryGetValue(node, out var known))
            return known;
        var operation = Model(node.SyntaxTree).GetOperation(node, cancellationToken);
        return _operations.GetOrAdd(node, operation);
    }

    public SemanticModel Model(SyntaxTree tree) =>
#pragma warning disable RS1030 // A model or training loop spans files; each tree is bound at most once per compilation, and only on demand.
        _models.GetOrAdd(tree, key => _compilation.GetSemanticModel(key));
#pragma warning restore RS1030
}
