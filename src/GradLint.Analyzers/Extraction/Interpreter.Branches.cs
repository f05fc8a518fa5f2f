using System.Collections.Immutable;
using GradLint.Analyzers.Extraction.Values;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Extraction;

/// <summary>Conditions that the code does not decide: both ways are taken, one after the other, and what differs is joined.</summary>
internal sealed partial class Interpreter
{
    private Completion Fork(Value condition, IOperation place, Func<Completion> first, Func<Completion> second)
    {
        var reason = Undecided(condition, place);
        var mark = _journal.Mark;
        var resultBefore = _frame.Result;

        var firstCompletion = first();
        var firstResult = _frame.Result;
        var firstSinceEntry = firstCompletion is Completion.Normal or Completion.Throw ? null : _journal.Written(_frame.Entry);
        var firstWritten = _journal.RollBack(mark);
        _frame.Result = resultBefore;

        var secondCompletion = second();
        if (firstCompletion == Completion.Throw)
            return secondCompletion;

        if (secondCompletion == Completion.Throw)
        {
            _journal.RollBack(mark);
            Apply(firstWritten);
            _frame.Result = firstResult;
            return firstCompletion;
        }

        if (firstCompletion == secondCompletion)
        {
            JoinState(firstWritten, mark, reason);
            if (firstCompletion == Completion.Return)
                _frame.Result = Join(firstResult, _frame.Result, reason);
            return firstCompletion;
        }

        // The way that leaves earlier waits; the other one goes on. The members of Completion are in that order.
        if (firstCompletion > secondCompletion)
        {
            _frame.PendingExits.Add(new(firstCompletion, firstResult, firstSinceEntry!, reason));
            return secondCompletion;
        }

        _frame.PendingExits.Add(new(secondCompletion, _frame.Result, _journal.Written(_frame.Entry), reason));
        _journal.RollBack(mark);
        Apply(firstWritten);
        _frame.Result = firstResult;
        return firstCompletion;
    }

    /// <summary>Both values of an expression whose condition is undecided.</summary>
    private Value ForkValue(Value condition, IOperation place, Func<Value> first, Func<Value> second)
    {
        var reason = Undecided(condition, place);
        var mark = _journal.Mark;
        var firstValue = first();
        var firstWritten = _journal.RollBack(mark);
        var secondValue = second();
        JoinState(firstWritten, mark, reason);
        return Join(firstValue, secondValue, reason);
    }

    private static UnknownValue Undecided(Value condition, IOperation place) =>
        condition is UnknownValue { IsData: false } unknown
            ? new($"depends on a condition that {unknown.Reason}", OriginOf(place))
            : new("depends on a condition that only data decides", OriginOf(place));

    /// <summary>Lets ways out of the given kind, taken since, meet the way that reached the same point.</summary>
    private bool MeetExits(Completion kind, int since, bool isReached)
    {
        var met = false;
        for (var index = _frame.PendingExits.Count - 1; index >= since; index--)
        {
            var exit = _frame.PendingExits[index];
            if (exit.Completion != kind)
                continue;

            _frame.PendingExits.RemoveAt(index);
            met = true;
            if (isReached)
            {
                JoinWithExit(exit);
                if (kind == Completion.Return)
                    _frame.Result = Join(exit.Result, _frame.Result, exit.Reason);
            }
            else
            {
                Apply(exit.Written);
                _frame.Result = exit.Result;
                isReached = true;
            }
        }
        return met;
    }

    private void JoinWithExit(PendingExit exit)
    {
        var atEntry = _journal.Before(_frame.Entry);
        foreach (var cell in exit.Written.Keys.Concat(atEntry.Keys).Distinct().ToArray())
        {
            var isThere = exit.Written.TryGetValue(cell, out var there);
            if (cell.IsBornAfter(_frame.Entry) && !(isThere && atEntry.ContainsKey(cell)))
                _journal.Write(cell, isThere ? there! : cell.Value);
            else
                _journal.Write(cell, Join(isThere ? there : atEntry[cell], cell.Value, exit.Reason));
        }
    }

    private void JoinState(Dictionary<Cell, Value> firstWritten, Cell.Mark mark, UnknownValue reason)
    {
        var before = _journal.Before(mark);
        foreach (var cell in firstWritten.Keys.Concat(before.Keys).Distinct().ToArray())
        {
            // What only one of the ways has made is as that way left it.
            var isThere = firstWritten.TryGetValue(cell, out var there);
            if (cell.IsBornAfter(mark))
                _journal.Write(cell, isThere ? there! : cell.Value);
            else
                _journal.Write(cell, Join(isThere ? there : before[cell], cell.Value, reason));
        }
    }

    private void Apply(Dictionary<Cell, Value> values)
    {
        foreach (var pair in values)
            _journal.Write(pair.Key, pair.Value);
    }

    /// <summary>What is known of a value that is one of two.</summary>
    private Value Join(Value? first, Value? second, UnknownValue reason)
    {
        if (ReferenceEquals(first, second) || first is null || second is null)
            return second ?? first ?? reason;

        Step();
        switch (first, second)
        {
            case (ConstantValue one, ConstantValue other) when Equals(one.Raw, other.Raw):
                return one;
            case (EnumValue one, EnumValue other) when one.Number == other.Number && IsSame(one.Type, other.Type):
                return one;
            case (OpaqueValue, OpaqueValue):
                return first;
            case (UnknownValue { IsData: true }, UnknownValue { IsData: true }):
                return first;
            case (ListContent one, ListContent other):
                return JoinContent(one, other, reason);
            case (TupleValue one, TupleValue other) when one.Elements.Length == other.Elements.Length:
                return new TupleValue(one.Elements.Select((element, index) => Join(element, other.Elements[index], reason)).ToImmutableArray());
            case (InitializationValue, InitializationValue):
                return new InitializationValue(Initialization.Default(InitializerKind.Unknown) with { IsExplicit = true, Origin = reason.Origin });
            case (NodeOutputValue one, NodeOutputValue other) when Graph is not null:
                return one.Output == other.Output ? one : new NodeOutputValue(Choice([one.Output, other.Output], reason).Output);
            case (GraphTensor or ConstantTensor, GraphTensor or ConstantTensor) when Graph is not null:
                return JoinTensors((TensorValue)first, (TensorValue)second, reason);
            case (ConstantTensor and not ParameterValue, ConstantTensor and not ParameterValue):
                return ConstantTensor.Unknown();
            default:
                return reason;
        }
    }

    private TensorValue JoinTensors(TensorValue first, TensorValue second, UnknownValue reason)
    {
        if (first is GraphTensor one && second is GraphTensor other && one.Output == other.Output)
            return first;
        return first is GraphTensor || second is GraphTensor
            ? Choice([OutputOf(first), OutputOf(second)], reason)
            : ConstantTensor.Unknown();
    }

    private GraphTensor Choice(NodeOutput[] alternatives, UnknownValue reason)
    {
        Report("A tensor", reason, reason.Origin);
        return new(Graph!.Add(LayerKind.Unknown, null, [], LayerArguments.Empty, alternatives, reason.Origin, reason.Origin));
    }

    /// <summary>Keeps what both contents begin and end with; between them one element stands for what differs.</summary>
    private static Value JoinContent(ListContent first, ListContent second, UnknownValue reason)
    {
        var (one, other) = (first.Elements, second.Elements);
        var shorter = Math.Min(one.Count, other.Count);

        var prefix = 0;
        while (prefix < shorter && ReferenceEquals(one[prefix], other[prefix]))
            prefix++;
        if (prefix == one.Count && prefix == other.Count)
            return first;

        var suffix = 0;
        while (suffix < shorter - prefix && ReferenceEquals(one[one.Count - 1 - suffix], other[other.Count - 1 - suffix]))
            suffix++;
        return new ListContent(one.GetRange(0, prefix).Add(reason).AddRange(one.GetRange(one.Count - suffix, suffix)));
    }
}
