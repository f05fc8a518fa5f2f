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
                return Execute(declaration.DeclarationGroup);
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
                return ExecuteUsing(scope);
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

    private Completion ExecuteAll(IReadOnlyList<IOperation> operations)
    {
        foreach (var operation in operations)
        {
            var completion = Execute(operation);
            if (completion != Completion.Normal)
                return completion;
        }
        return Completion.Normal;
    }

    private void Declare(IVariableDeclarationOperation declaration)
    {
        foreach (var declarator in declaration.Declarators)
        {
            var initializer = declarator.Initializer ?? declaration.Initializer;
            var value = initializer is null ? DefaultValue.Of(declarator.Symbol.Type) : Evaluate(initializer.Value);
            _frame.Declare(declarator.Symbol, new(value));
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
        var completion = Execute(guarded.Body);
        if (completion == Completion.Throw && guarded.Catches.Length > 0)
            completion = Execute(guarded.Catches[0].Handler);
        var last = Execute(guarded.Finally);
        return last == Completion.Normal ? completion : last;
    }

    private Completion ExecuteUsing(IUsingOperation scope)
    {
        var before = _gradientsOff;
        if (scope.Resources is IVariableDeclarationGroupOperation group)
            Execute(group);
        else
            Evaluate(scope.Resources);

        var completion = Execute(scope.Body);
        _gradientsOff = before;
        return completion;
    }

    /// <summary>Whether gradients are switched off by <c>no_grad()</c> or <c>inference_mode()</c> at this point of the trace.</summary>
    private bool _gradientsOff;
}
