using GradLint.Analyzers.Extraction.Values;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Extraction;

internal sealed partial class Interpreter
{
    /// <summary>Runs a statement, a body or an initialiser.</summary>
    private Completion Execute(IOperation? operation)
    {
        if (operation is null)
            return Completion.Normal;

        Step();
        switch (operation)
        {
            case IBlockOperation block:
                return ExecuteAll(block.Operations);
            case IMethodBodyOperation body:
                return Execute(body.BlockBody ?? body.ExpressionBody);
            case IConstructorBodyOperation constructor:
                return Execute(constructor.BlockBody ?? constructor.ExpressionBody);
            case IExpressionStatementOperation statement:
                Evaluate(statement.Operation);
                return statement.Operation is IThrowOperation ? Completion.Throw : Completion.Normal;
            case IVariableDeclarationGroupOperation group:
                foreach (var declaration in group.Declarations)
                    Declare(declaration);
                return Completion.Normal;
            case IUsingDeclarationOperation declaration:
                return ExecuteScope(declaration.DeclarationGroup, () => Completion.Normal);
            case IReturnOperation result:
                return ExecuteReturn(result);
            case IConditionalOperation conditional:
                return ExecuteIf(conditional);
            case IForLoopOperation loop:
                return ExecuteFor(loop);
            case IForEachLoopOperation loop:
                return ExecuteForEach(loop);
            case IWhileLoopOperation loop:
                return ExecuteWhile(loop);
            case ISwitchOperation choice:
                return ExecuteSwitch(choice);
            case IBranchOperation branch:
                return ExecuteBranch(branch);
            case ITryOperation guarded:
                return ExecuteTry(guarded);
            case IUsingOperation scope:
                return ExecuteScope(scope.Resources, () => Execute(scope.Body));
            case ILockOperation section:
                return Execute(section.Body);
            case ILabeledOperation labeled:
                return Execute(labeled.Operation);
            case IThrowOperation:
                return Completion.Throw;
            case ILocalFunctionOperation or IEmptyOperation: // Where a local function is declared nothing happens.
                return Completion.Normal;
            default:
                Evaluate(operation);
                return Completion.Normal;
        }
    }

    private Completion ExecuteAll(IReadOnlyList<IOperation> operations, int first = 0)
    {
        for (var index = first; index < operations.Count; index++)
        {
            var next = index + 1;
            var completion = operations[index] is IUsingDeclarationOperation declaration
                ? ExecuteScope(declaration.DeclarationGroup, () => ExecuteAll(operations, next))
                : Execute(operations[index]);
            if (completion != Completion.Normal || operations[index] is IUsingDeclarationOperation)
                return completion;
        }
        return Completion.Normal;
    }

    private void Declare(IVariableDeclarationOperation declaration)
    {
        foreach (var declarator in declaration.Declarators)
        {
            var initializer = declarator.Initializer ?? declaration.Initializer;
            if (initializer is not null && declarator.Symbol.RefKind != RefKind.None)
                DeclareAlias(declarator.Symbol, initializer.Value);
            else
                _frame.Declare(declarator.Symbol, new(initializer is null ? DefaultValue.Of(declarator.Symbol.Type) : Copied(Evaluate(initializer.Value))));
        }
    }

    private Completion ExecuteReturn(IReturnOperation result)
    {
        switch (result.Kind)
        {
            case OperationKind.YieldReturn:
                (_frame.Yielded ??= []).Add(Evaluate(result.ReturnedValue));
                return Completion.Normal;
            case OperationKind.YieldBreak:
                return Completion.Return;
            default:
                _frame.Result = result.ReturnedValue is null ? null : Evaluate(result.ReturnedValue);
                return result.ReturnedValue is IThrowOperation or IConversionOperation { Operand: IThrowOperation } ? Completion.Throw : Completion.Return;
        }
    }

    private Completion ExecuteIf(IConditionalOperation conditional)
    {
        var condition = Evaluate(conditional.Condition);
        return Truth(condition) switch
        {
            true => Execute(conditional.WhenTrue),
            false => Execute(conditional.WhenFalse),
            null => Fork(condition, conditional, () => Execute(conditional.WhenTrue), () => Execute(conditional.WhenFalse)),
        };
    }

    private Completion ExecuteSwitch(ISwitchOperation choice)
    {
        var value = Evaluate(choice.Value);
        var exits = _frame.PendingExits.Count;
        var completion = ExecuteCases(choice, value, index: 0);
        return LeaveLoop(completion, exits);
    }

    private Completion ExecuteCases(ISwitchOperation choice, Value value, int index)
    {
        for (; index < choice.Cases.Length; index++)
        {
            var section = choice.Cases[index];
            var matched = MatchSection(section, value);
            if (matched == true)
                return ExecuteAll(section.Body);
            if (matched is null)
            {
                var next = index + 1;
                return Fork(value, choice, () => ExecuteAll(section.Body), () => ExecuteCases(choice, value, next));
            }
        }

        var fallback = choice.Cases.FirstOrDefault(section => section.Clauses.Any(clause => clause.CaseKind == CaseKind.Default));
        return fallback is null ? Completion.Normal : ExecuteAll(fallback.Body);
    }

    private bool? MatchSection(ISwitchCaseOperation section, Value value)
    {
        bool? matched = false;
        foreach (var clause in section.Clauses)
        {
            var match = clause switch
            {
                ISingleValueCaseClauseOperation single => AreEqual(value, Evaluate(single.Value)),
                IPatternCaseClauseOperation pattern => And(Match(pattern.Pattern, value), () => pattern.Guard is null ? true : Truth(Evaluate(pattern.Guard))),
                IRelationalCaseClauseOperation relational => Truth(Compare(relational.Relation, value, Evaluate(relational.Value), relational)),
                _ => false,
            };
            if (match == true)
                return true;
            if (match is null)
                matched = null;
        }
        return matched;
    }

    private static Completion ExecuteBranch(IBranchOperation branch) => branch.BranchKind switch
    {
        BranchKind.Break => Completion.Break,
        BranchKind.Continue => Completion.Continue,
        _ => throw new BudgetExceededException("jumps with goto, which is not followed"),
    };

    private Completion ExecuteTry(ITryOperation guarded)
    {
        var calls = _unfollowedCalls;
        var completion = Execute(guarded.Body);
        if (completion == Completion.Throw && guarded.Catches.Length > 0)
            completion = ExecuteCatches(guarded, first: 0);
        else if (guarded.Catches.Length > 0 && _unfollowedCalls > calls)
            completion = Fork(Unknown("throws or not", guarded), guarded, () => completion, () => ExecuteCatches(guarded, first: 0));
        var last = Execute(guarded.Finally);
        return last == Completion.Normal ? completion : last;
    }

    /// <summary>Any of several, since types of exceptions are not followed.</summary>
    private Completion ExecuteCatches(ITryOperation guarded, int first) => first == guarded.Catches.Length - 1
        ? Execute(guarded.Catches[first].Handler)
        : Fork(Unknown("throws one exception or another", guarded), guarded, () => Execute(guarded.Catches[first].Handler), () => ExecuteCatches(guarded, first + 1));

    /// <summary>Runs what follows <c>using</c>, then disposes of its resources and lets gradients flow again if they did before.</summary>
    private Completion ExecuteScope(IOperation resources, Func<Completion> body)
    {
        var gradientsOff = _gradientsOff.Value;
        IEnumerable<Value?> opened;
        if (resources is IVariableDeclarationGroupOperation group)
        {
            Execute(group);
            opened = group.Declarations.SelectMany(declaration => declaration.Declarators).Select(declarator => _frame.Find(declarator.Symbol)?.Value).ToArray();
        }
        else
        {
            opened = [Evaluate(resources)];
        }

        var completion = body();
        foreach (var resource in opened.Reverse())
            Dispose(resource, resources);
        _journal.Write(_gradientsOff, gradientsOff);
        return completion;
    }

    private void Dispose(Value? resource, IOperation place)
    {
        if (resource is not ObjectValue instance || instance is ModuleValue)
            return;
        for (var type = instance.Type; type is not null && _source.Declares(type); type = type.BaseType)
        {
            if (type.GetMembers().OfType<IMethodSymbol>().FirstOrDefault(IsDispose) is { } dispose)
            {
                InvokeSource(dispose, instance, Arguments.None, place);
                return;
            }
        }

        static bool IsDispose(IMethodSymbol method) => !method.IsStatic && method.Parameters.IsEmpty
            && (method.ExplicitInterfaceImplementations.FirstOrDefault()?.Name ?? method.Name) is nameof(IDisposable.Dispose) or "DisposeAsync";
    }

    /// <summary>Whether gradients are switched off by <c>no_grad()</c> or <c>inference_mode()</c> at this point of the trace.</summary>
    private readonly Cell _gradientsOff = new(ConstantValue.False);
}
