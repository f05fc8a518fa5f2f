using System;

namespace TorchSharp;

/// <summary>The stack of dispose scopes of one thread, and its statistics.</summary>
public class DisposeScopeManager
{
    [ThreadStatic] private static DisposeScopeManager? current;

    internal static DisposeScopeManager ThreadSingleton => current ??= new DisposeScopeManager();

    public static ThreadDisposeScopeStatistics Statistics => ThreadSingleton.ThreadStatistics;

    internal ThreadDisposeScopeStatistics ThreadStatistics { get; } = new();

    internal DisposeScope? CurrentDisposeScope { get; set; }

    internal DisposeScope Open() => CurrentDisposeScope = new DisposeScope(this);

    /// <summary>Takes the scope off the stack, wherever on it it stands.</summary>
    internal void Close(DisposeScope scope)
    {
        if (CurrentDisposeScope == scope)
        {
            CurrentDisposeScope = scope.OuterScope;
            return;
        }
        for (var inner = CurrentDisposeScope; inner is not null; inner = inner.OuterScope)
            if (inner.OuterScope == scope) inner.OuterScope = scope.OuterScope;
    }

    internal DisposeScope? Register(torch.Tensor tensor)
    {
        if (CurrentDisposeScope is null) ThreadStatistics.TensorStatistics.CreatedOutsideScopeCount++;
        else
        {
            ThreadStatistics.TensorStatistics.CreatedInScopeCount++;
            CurrentDisposeScope.Disposables.Add(tensor);
        }
        return CurrentDisposeScope;
    }

    internal void CountDisposal(torch.Tensor tensor)
    {
        if (tensor.OwningDisposeScope is null) ThreadStatistics.TensorStatistics.DisposedOutsideScopeCount++;
        else ThreadStatistics.TensorStatistics.DisposedInScopeCount++;
    }
}

public static partial class torch
{
    /// <summary>Tensors created on this thread until it is disposed are disposed with it, but for those moved or detached.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.ThreadSingleton.Open();

    /// <summary>Runs in a dispose scope that only the result leaves.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }
}
