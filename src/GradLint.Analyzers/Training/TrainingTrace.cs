using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Training;

internal enum TrainingEventKind
{
    /// <summary>An optimizer is made.</summary>
    OptimizerCreation,

    /// <summary><c>zero_grad()</c> of an optimizer or a module.</summary>
    ZeroGrad,

    Backward,

    Clip,

    /// <summary>A step of an optimizer; its closure, if any, has run just before.</summary>
    Step,

    SchedulerStep,

    Train,

    Eval,

    /// <summary>A module is moved to a device or to another type of number.</summary>
    Move,

    /// <summary>A forward hook or a monitor is attached to a module.</summary>
    Hook,

    /// <summary><c>forward</c> of a module is called directly.</summary>
    ForwardCall,

    /// <summary>A module is run through <c>call</c>; which one is not looked up.</summary>
    ModuleCall,

    /// <summary>The gradient of a parameter is written by hand.</summary>
    GradientWritten,

    /// <summary>Control leaves the loop or the method.</summary>
    Exit,

    /// <summary>A call whose effect cannot be seen.</summary>
    Unknown,
}

/// <summary>A part of what a program does in training, in the order in which it does it.</summary>
internal abstract class TraceNode(IOperation operation)
{
    public IOperation Operation { get; } = operation;

    public TraceList Owner { get; set; } = null!;

    /// <summary>The loops around it, innermost first; those of the callers too.</summary>
    public IEnumerable<TraceLoop> Loops
    {
        get
        {
            for (var owner = Owner.Owner; owner is not null; owner = owner.Owner.Owner)
            {
                if (owner is TraceLoop loop)
                    yield return loop;
            }
        }
    }

    /// <summary>The whole trace that it is a part of.</summary>
    public TraceList Trace
    {
        get
        {
            var list = Owner;
            while (list.Owner is not null)
                list = list.Owner.Owner;
            return list;
        }
    }

    public abstract IEnumerable<TrainingEvent> Events { get; }
}

/// <summary>Nodes that run one after the other.</summary>
internal sealed class TraceList(TraceNode? owner)
{
    private readonly List<TraceNode> _nodes = [];

    /// <summary>The loop or branch it is a part of; null for the whole trace.</summary>
    public TraceNode? Owner { get; } = owner;

    public IReadOnlyList<TraceNode> Nodes => _nodes;

    public IEnumerable<TrainingEvent> Events => _nodes.SelectMany(node => node.Events);

    public void Add(TraceNode node)
    {
        node.Owner = this;
        _nodes.Add(node);
    }
}

internal sealed class TrainingEvent(TrainingEventKind kind, IOperation operation, CallFrame? frame, Origin subject) : TraceNode(operation)
{
    public TrainingEventKind Kind { get; } = kind;

    public CallFrame? Frame { get; } = frame;

    /// <summary>The optimizer, scheduler or module it happens to.</summary>
    public Origin Subject { get; } = subject;

    public override IEnumerable<TrainingEvent> Events => [this];
}

internal sealed class TraceLoop : TraceNode
{
    public TraceLoop(IOperation operation)
        : base(operation) => Body = new(this);

    public TraceList Body { get; }

    public override IEnumerable<TrainingEvent> Events => Body.Events;
}

/// <summary>At most one of the arms runs.</summary>
/// <param name="operation">What decides.</param>
/// <param name="isRest">Whether its one arm is what follows a possible <c>return</c>, <c>break</c> or <c>continue</c>.</param>
internal sealed class TraceBranch(IOperation operation, bool isRest = false) : TraceNode(operation)
{
    private readonly List<TraceList> _arms = [];

    public bool IsRest { get; } = isRest;

    public IReadOnlyList<TraceList> Arms => _arms;

    public override IEnumerable<TrainingEvent> Events => _arms.SelectMany(arm => arm.Events);

    public TraceList NewArm()
    {
        var arm = new TraceList(this);
        _arms.Add(arm);
        return arm;
    }
}
