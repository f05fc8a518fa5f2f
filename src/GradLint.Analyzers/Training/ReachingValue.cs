using GradLint.Analyzers.Framework;
using GradLint.Core.Knowledge;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using TensorMember = GradLint.Core.Knowledge.TorchSharpNames.TensorMembers;

namespace GradLint.Analyzers.Training;

/// <summary>What a local or parameter holds at one place.</summary>
/// <param name="Value">The expression assigned last; null for what a parameter was given.</param>
/// <param name="Element">Which element of that expression's tuple it is, or null for all of it.</param>
internal sealed record ReachingValue(IOperation? Value, int? Element)
{
    private static ReachingValue Given { get; } = new(null, null);

    /// <summary>
    /// The one value that a reference reads, or null where several can reach it: after a branch or a loop that assigns it,
    /// or once it may have been changed in place.
    /// </summary>
    public static ReachingValue? At(IOperation reference, ISymbol symbol, KnownTypes types)
    {
        for (var (child, parent) = (reference, reference.Parent); parent is not null; (child, parent) = (parent, parent.Parent))
        {
            var before = parent switch
            {
                IBlockOperation block => Preceding(block.Operations, child),
                ISwitchCaseOperation section => Preceding(section.Body, child),
                IUsingOperation scope when !ReferenceEquals(scope.Resources, child) => [scope.Resources],
                IForLoopOperation loop => loop.Before.Reverse(),
                IConditionalOperation conditional when !ReferenceEquals(conditional.Condition, child) => [conditional.Condition],
                _ => [],
            };
            if (IsRepeated(parent, child) && IsWritten(parent, symbol, types))
                return null;
            foreach (var statement in before)
            {
                switch (EffectOf(statement, symbol, types))
                {
                    case { Definite: { } definite }:
                        return definite;
                    case { IsPossible: true }:
                        return null;
                }
            }

            if (parent is IAnonymousFunctionOperation or ILocalFunctionOperation && symbol.ContainingSymbol is var owner && !SymbolEqualityComparer.Default.Equals(owner, Function(parent)))
                return Captured(parent, symbol, types);
        }

        return symbol is IParameterSymbol ? Given : null;
    }

    private static IEnumerable<IOperation> Preceding(IEnumerable<IOperation> statements, IOperation child) =>
        statements.TakeWhile(statement => !ReferenceEquals(statement, child)).Reverse();

    private static IMethodSymbol Function(IOperation function) =>
        function is IAnonymousFunctionOperation lambda ? lambda.Symbol : ((ILocalFunctionOperation)function).Symbol;

    /// <summary>Code that runs again, or after some unknown part of its sibling, sees what was assigned there.</summary>
    private static bool IsRepeated(IOperation parent, IOperation child) => parent switch
    {
        ILoopOperation => true,
        ITryOperation attempt => !ReferenceEquals(attempt.Body, child),
        _ => false,
    };

    /// <summary>A local that a function captures has the value of its only assignment, whenever the function runs.</summary>
    private static ReachingValue? Captured(IOperation function, ISymbol symbol, KnownTypes types)
    {
        var root = function;
        while (root.Parent is not null)
            root = root.Parent;
        var writes = root.Descendants().Where(operation => Writes(operation, symbol, types)).ToArray();
        if (symbol is IParameterSymbol)
            return writes.Length == 0 ? Given : null;
        return writes.Length == 1 && writes[0] is IVariableDeclaratorOperation declarator && ValueOf(declarator) is { } value ? new(value, null) : null;
    }

    private static (ReachingValue? Definite, bool IsPossible) EffectOf(IOperation statement, ISymbol symbol, KnownTypes types)
    {
        switch (statement)
        {
            case IBlockOperation block:
                return block.Operations.Reverse().Select(inner => EffectOf(inner, symbol, types)).FirstOrDefault(effect => effect.IsPossible);
            case IUsingOperation scope when EffectOf(scope.Body, symbol, types) is { IsPossible: true } inside:
                return inside;
            case IUsingOperation scope:
                return EffectOf(scope.Resources, symbol, types);
            case IUsingDeclarationOperation declaration:
                return EffectOf(declaration.DeclarationGroup, symbol, types);
            case IVariableDeclarationGroupOperation group:
                var declarators = group.Declarations.SelectMany(declaration => declaration.Declarators);
                if (declarators.FirstOrDefault(declarator => IsSame(declarator.Symbol, symbol)) is { } declared && ValueOf(declared) is { } initial)
                    return (new(initial, null), true);
                break;
            case IExpressionStatementOperation { Operation: ISimpleAssignmentOperation assignment } when IsReferenceTo(assignment.Target, symbol):
                return (new(assignment.Value, null), true);
            case IExpressionStatementOperation { Operation: IDeconstructionAssignmentOperation deconstruction } when Elements(deconstruction.Target) is { } elements:
                var index = elements.FindIndex(element => IsReferenceTo(element, symbol));
                if (index >= 0)
                    return (new(deconstruction.Value, index), true);
                break;
        }

        return (null, IsWritten(statement, symbol, types));
    }

    private static List<IOperation>? Elements(IOperation target) => target switch
    {
        IDeclarationExpressionOperation declaration => Elements(declaration.Expression),
        ITupleOperation tuple => [.. tuple.Elements],
        _ => null,
    };

    private static bool IsWritten(IOperation operation, ISymbol symbol, KnownTypes types) =>
        operation.DescendantsAndSelf().Any(inner => Writes(inner, symbol, types));

    private static bool Writes(IOperation operation, ISymbol symbol, KnownTypes types) => operation switch
    {
        IVariableDeclaratorOperation declarator => IsSame(declarator.Symbol, symbol) && ValueOf(declarator) is not null,
        IDeconstructionAssignmentOperation deconstruction => deconstruction.Target.DescendantsAndSelf().Any(target => IsReferenceTo(target, symbol)),
        IAssignmentOperation { Target: IPropertyReferenceOperation { Instance: { } changed } } => IsReferenceTo(changed, symbol),
        IAssignmentOperation assignment => IsReferenceTo(assignment.Target, symbol),
        IIncrementOrDecrementOperation increment => IsReferenceTo(increment.Target, symbol),
        IArgumentOperation { Parameter.RefKind: RefKind.Out or RefKind.Ref } argument => IsReferenceTo(argument.Value, symbol),
        IDeclarationPatternOperation pattern => IsSame(pattern.DeclaredSymbol, symbol),
        IInvocationOperation call => ChangesInPlace(call, symbol, types),
        _ => false,
    };

    /// <summary><c>x.sigmoid_()</c>, <c>torch.sigmoid_(x)</c>, <c>functional.relu(x, inplace: true)</c>, or a source method that returns nothing.</summary>
    private static bool ChangesInPlace(IInvocationOperation call, ISymbol symbol, KnownTypes types)
    {
        var changed = call.Instance ?? call.Arguments.FirstOrDefault()?.Value;
        if (types.IsFromTorchSharp(call.TargetMethod))
        {
            return changed is not null && IsReferenceTo(changed, symbol)
                && (LayerTable.IsInPlace(call.TargetMethod.Name) && call.TargetMethod.Name != TensorMember.WithRequiresGrad
                    || call.Arguments.Any(argument => argument.Parameter?.Name == TorchSharpNames.Arguments.InPlace && argument.Value.ConstantValue is not { HasValue: true, Value: false }));
        }

        return call.TargetMethod.ReturnsVoid && call.Arguments.Any(argument => types.IsTensor(argument.Value.Type) && IsReferenceTo(argument.Value, symbol));
    }

    private static bool IsReferenceTo(IOperation operation, ISymbol symbol) => operation switch
    {
        ILocalReferenceOperation local => IsSame(local.Local, symbol),
        IParameterReferenceOperation parameter => IsSame(parameter.Parameter, symbol),
        IDeclarationExpressionOperation declaration => IsReferenceTo(declaration.Expression, symbol),
        IConversionOperation conversion => IsReferenceTo(conversion.Operand, symbol),
        _ => false,
    };

    private static bool IsSame(ISymbol? one, ISymbol other) => SymbolEqualityComparer.Default.Equals(one, other);

    private static IOperation? ValueOf(IVariableDeclaratorOperation declarator) =>
        (declarator.Initializer ?? (declarator.Parent as IVariableDeclarationOperation)?.Initializer)?.Value;
}
