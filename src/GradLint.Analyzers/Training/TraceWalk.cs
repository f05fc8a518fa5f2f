namespace GradLint.Analyzers.Training;

/// <summary>What a walk through a trace makes of a node.</summary>
internal enum Verdict
{
    /// <summary>Walk on.</summary>
    Pass,

    /// <summary>The walk ends: what was looked for is here.</summary>
    Found,

    /// <summary>The walk ends: something else is, or may be, here.</summary>
    Stopped,
}

/// <summary>Walks a trace from an event, against the order in which it runs or along it, once around each loop.</summary>
internal static class TraceWalk
{
    /// <summary>
    /// What runs last before an event: <see cref="Verdict.Found"/> when on every path it is an event that
    /// <paramref name="judge"/> finds, <see cref="Verdict.Pass"/> when nothing of interest runs before.
    /// </summary>
    /// <param name="start">Where to start; it is not judged itself.</param>
    /// <param name="judge">What an event means. A found one within a branch or an inner loop may not run and is passed.</param>
    public static Verdict Backward(TraceNode start, Func<TrainingEvent, Verdict> judge)
    {
        for (var node = start; ;)
        {
            var list = node.Owner;
            var verdict = Preceding(list, IndexOf(list, node) - 1, 0, judge);
            if (verdict != Verdict.Pass)
                return verdict;
            switch (list.Owner)
            {
                case null:
                    return Verdict.Pass;
                case TraceLoop loop:
                    // The first time around comes from before the loop, the others from its end.
                    var around = Preceding(list, list.Nodes.Count - 1, IndexOf(list, node), judge);
                    if (around == Verdict.Pass)
                        break;
                    return around == Verdict.Found && Backward(loop, judge) == Verdict.Stopped ? Verdict.Stopped : around;
            }

            node = list.Owner;
        }
    }

    /// <summary>What runs next after an event, in the same terms.</summary>
    public static Verdict Forward(TraceNode start, Func<TrainingEvent, Verdict> judge)
    {
        for (var node = start; ;)
        {
            var list = node.Owner;
            var verdict = Following(list, IndexOf(list, node) + 1, list.Nodes.Count - 1, judge);
            if (verdict != Verdict.Pass)
                return verdict;
            switch (list.Owner)
            {
                case null:
                    return Verdict.Pass;
                case TraceLoop loop:
                    var around = Following(list, 0, IndexOf(list, node), judge);
                    if (around == Verdict.Pass)
                        break;
                    return around == Verdict.Found && Forward(loop, judge) == Verdict.Stopped ? Verdict.Stopped : around;
            }

            node = list.Owner;
        }
    }

    private static Verdict Preceding(TraceList list, int from, int to, Func<TrainingEvent, Verdict> judge)
    {
        for (var i = from; i >= to; i--)
        {
            var verdict = JudgeNode(list.Nodes[i], judge, body => Preceding(body, body.Nodes.Count - 1, 0, judge));
            if (verdict != Verdict.Pass)
                return verdict;
        }

        return Verdict.Pass;
    }

    private static Verdict Following(TraceList list, int from, int to, Func<TrainingEvent, Verdict> judge)
    {
        for (var i = from; i <= to; i++)
        {
            var verdict = JudgeNode(list.Nodes[i], judge, body => Following(body, 0, body.Nodes.Count - 1, judge));
            if (verdict != Verdict.Pass)
                return verdict;
        }

        return Verdict.Pass;
    }

    private static Verdict JudgeNode(TraceNode node, Func<TrainingEvent, Verdict> judge, Func<TraceList, Verdict> walk)
    {
        if (node is TrainingEvent own)
            return judge(own);
        var isCertain = node is TraceBranch { IsRest: true };
        var bodies = node is TraceBranch branch ? branch.Arms : [((TraceLoop)node).Body];
        var verdicts = bodies.Select(walk).ToArray();
        if (verdicts.Contains(Verdict.Stopped))
            return Verdict.Stopped;
        if (isCertain || verdicts.Length > 1 && verdicts.All(verdict => verdict == Verdict.Found))
            return verdicts[0];

        // Found on some paths only: the walk goes on as if it were not there, unless something else is in there too.
        return bodies.Any(body => body.Events.Any(item => judge(item) == Verdict.Stopped)) ? Verdict.Stopped : Verdict.Pass;
    }

    private static int IndexOf(TraceList list, TraceNode node)
    {
        for (var i = 0; i < list.Nodes.Count; i++)
        {
            if (ReferenceEquals(list.Nodes[i], node))
                return i;
        }

        return -1;
    }
}
