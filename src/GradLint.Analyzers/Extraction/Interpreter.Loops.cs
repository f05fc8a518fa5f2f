using System.Collections.Immutable;
using GradLint.Analyzers.Extraction.Values;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Extraction;

/// <summary>Loops of known length are unrolled; of one of unknown length the body runs once and stands for every pass.</summary>
internal sealed partial class Interpreter
{
    private Completion ExecuteFor(IForLoopOperation loop)
    {
        ExecuteAll(loop.Before);
        return ExecuteLoop(
            loop,
            () => loop.Condition is null ? ConstantValue.True : Evaluate(loop.Condition),
            () => Execute(loop.Body),
            () => ExecuteAll(loop.AtLoopBottom));
    }

    private Completion ExecuteWhile(IWhileLoopOperation loop)
    {
        var isFirst = !loop.ConditionIsTop;
        return ExecuteLoop(
            loop,
            () =>
            {
                if (isFirst)
                {
                    isFirst = false;
                    return ConstantValue.True;
                }
                var condition = Evaluate(loop.Condition);
                return loop.ConditionIsUntil && Truth(condition) is { } truth ? ConstantValue.Of(!truth) : condition;
            },
            () => Execute(loop.Body),
            () => Completion.Normal);
    }

    private Completion ExecuteLoop(IOperation loop, Func<Value> condition, Func<Completion> body, Func<Completion> advance)
    {
        var exits = _frame.PendingExits.Count;
        while (true)
        {
            Step();
            var goesOn = condition();
            if (Truth(goesOn) is not { } truth)
            {
                var repeated = Repeat(loop, IsData(goesOn), () =>
                {
                    var inner = body();
                    return inner is Completion.Normal or Completion.Continue ? advance() : inner;
                });
                return LeaveLoop(repeated, exits);
            }
            if (!truth)
                return LeaveLoop(Completion.Normal, exits);

            var completion = FinishPass(body(), exits);
            if (completion != Completion.Normal)
                return LeaveLoop(completion, exits);
            if (EndsUndecided(exits, loop))
                return LeaveLoop(Completion.Normal, exits);
            advance();
        }
    }

    private Completion ExecuteForEach(IForEachLoopOperation loop)
    {
        var collection = Evaluate(loop.Collection);
        var completion = ForEach(loop, ElementsOrUnknown(collection, loop), element =>
        {
            AssignLoopVariable(loop.LoopControlVariable, element);
            return Execute(loop.Body);
        });
        if (collection is ListValue list && loop.LoopControlVariable is IVariableDeclaratorOperation { Symbol.RefKind: RefKind.Ref })
            _journal.Write(list.Items, Unknown("can be written through a reference", loop));
        return completion;
    }

    /// <summary>The elements of a collection; of one that is not known, one unknown for all of them.</summary>
    private ListContent ElementsOrUnknown(Value collection, IOperation loop) =>
        Elements(collection, loop) ?? new ListContent([new RepeatedElements([Derived(Unread(collection))], OriginOf(loop), IsData(Unread(collection)))]);

    private Completion ForEach(IOperation loop, ListContent content, Func<Value, Completion> body)
    {
        var exits = _frame.PendingExits.Count;
        foreach (var element in content.Elements)
        {
            Step();
            var completion = element is RepeatedElements repeats
                ? Repeat(loop, repeats.IsData, () => Each(repeats.Group, body))
                : body(element);
            completion = FinishPass(completion, exits);
            if (completion != Completion.Normal)
                return LeaveLoop(completion, exits);
            if (EndsUndecided(exits, loop))
                break;
        }
        return LeaveLoop(Completion.Normal, exits);
    }

    private static Completion Each(ImmutableArray<Value> group, Func<Value, Completion> body)
    {
        foreach (var element in group)
        {
            var completion = body(element);
            if (completion is not (Completion.Normal or Completion.Continue))
                return completion;
        }
        return Completion.Normal;
    }

    private void AssignLoopVariable(IOperation variable, Value element)
    {
        if (variable is IVariableDeclaratorOperation declarator)
            _frame.Declare(declarator.Symbol, new(Copied(element)));
        else
            Assign(variable, element);
    }

    /// <summary>The end of one pass: ways that went on to the next one meet here.</summary>
    private Completion FinishPass(Completion completion, int exits)
    {
        var isReached = completion is Completion.Normal or Completion.Continue;
        var met = MeetExits(Completion.Continue, exits, isReached);
        return isReached || met ? Completion.Normal : completion;
    }

    private bool EndsUndecided(int exits, IOperation loop)
    {
        for (var index = exits; index < _frame.PendingExits.Count; index++)
        {
            if (_frame.PendingExits[index] is { Completion: Completion.Break } exit)
            {
                Report("How often this loop runs", exit.Reason, OriginOf(loop));
                return true;
            }
        }
        return false;
    }

    private Completion LeaveLoop(Completion completion, int exits)
    {
        var isReached = completion is Completion.Normal or Completion.Break;
        var met = MeetExits(Completion.Break, exits, isReached);
        return isReached || met ? Completion.Normal : completion;
    }

    /// <summary>One pass that stands for an unknown number of them.</summary>
    private Completion Repeat(IOperation loop, bool isData, Func<Completion> pass)
    {
        var origin = OriginOf(loop);
        var changing = new UnknownValue("changes in a loop whose length the code does not tell", origin, isData);
        var mark = _journal.Mark;
        var firstNode = Graph?.Count ?? 0;
        var reasons = _reasons.Count;

        var isWatched = WatchedModule is not null;
        var exits = _frame.PendingExits.Count;
        var completion = pass();
        var varying = _journal.Before(mark).Where(pair => !pair.Key.IsBornAfter(mark) && Varies(pair.Value, pair.Key.Value)).Select(pair => pair.Key).ToArray();
        if (varying.Length > 0)
        {
            // Later passes begin with other values than the first: run again with those unknown.
            UndoSince(mark, isWatched);
            Graph?.Truncate(firstNode);
            _reasons.RemoveRange(reasons, _reasons.Count - reasons);
            _frame.PendingExits.RemoveRange(exits, _frame.PendingExits.Count - exits);
            foreach (var cell in varying)
                _journal.Write(cell, changing);
            completion = pass();
        }

        foreach (var pair in _journal.Before(mark).Where(pair => !pair.Key.IsBornAfter(mark)))
            _journal.Write(pair.Key, AfterRepeats(pair.Value, pair.Key.Value, changing));
        foreach (var cell in varying)
            _journal.Write(cell, changing);

        if (Graph is { } graph && graph.Count > firstNode)
        {
            graph.Repeat(firstNode, graph.Count - 1, origin);
            if (!isData)
                Report("How often this loop runs is not told by the code.", origin);
        }

        MeetExits(Completion.Continue, exits, completion is Completion.Normal or Completion.Continue);
        if (completion == Completion.Return)
            _frame.PendingExits.Add(new(Completion.Return, _frame.Result, _journal.Written(_frame.Entry), changing));
        return Completion.Normal;
    }

    /// <summary>Puts everything back to where it was, to run the same code once more.</summary>
    private Dictionary<Cell, Value> UndoSince(Cell.Mark mark, bool isWatched)
    {
        foreach (var member in _statics.Where(pair => pair.Value.IsBornAfter(mark)).Select(pair => pair.Key).ToArray())
            _statics.Remove(member);
        if (!isWatched)
            WatchedModule = null;
        return _journal.RollBack(mark);
    }

    /// <summary>Whether a second pass would begin with another value than the first. Tensors flow on, collections grow.</summary>
    private bool Varies(Value before, Value after)
    {
        Step();
        return (before, after) switch
        {
            (ConstantValue one, ConstantValue other) => !Equals(one.Raw, other.Raw),
            (EnumValue one, EnumValue other) => one.Number != other.Number,
            (TensorValue or NodeOutputValue, TensorValue or NodeOutputValue) => false,
            (TupleValue one, TupleValue other) when one.Elements.Length == other.Elements.Length =>
                one.Elements.Where((element, index) => Varies(element, other.Elements[index])).Any(),
            (ListContent, ListContent) => false,
            (InitializationValue, InitializationValue) => false,
            (ConstantValue { Raw: null }, _) => true,
            (UnknownValue, _) => false,
            _ => !ReferenceEquals(before, after),
        };
    }

    private static Value AfterRepeats(Value before, Value after, UnknownValue changing)
    {
        if (before is not ListContent old || after is not ListContent grown || ReferenceEquals(old, grown))
            return after;

        var kept = old.Elements.Count;
        if (grown.Elements.Count < kept || !grown.Elements.Take(kept).SequenceEqual(old.Elements))
            return new ListContent([changing]);
        if (grown.Elements.Count == kept)
            return grown;

        var group = grown.Elements.Skip(kept).ToImmutableArray();
        return new ListContent(old.Elements.Add(new RepeatedElements(group, changing.Origin, changing.IsData)));
    }

    private static bool IsData(Value value) => value is UnknownValue { IsData: true };
}
