using TorchSharp;
using static TorchSharp.torch;

namespace StandIns.TorchSharp.Tests.Tensors;

public class LifetimeTests
{
    [Fact]
    public void DisposedTensor_IsInvalid_AndSaysSo()
    {
        var x = ones(1);
        x.Dispose();
        x.Dispose();
        Assert.True(x.IsInvalid);
        Assert.Contains("empty handle", Assert.Throws<InvalidOperationException>(() => x.shape).Message);
    }

    [Fact]
    public void Scope_DisposesWhatWasNotMoved()
    {
        Tensor inner, moved, detached;
        using (var outer = NewDisposeScope())
        {
            using (var scope = NewDisposeScope())
            {
                inner = ones(1);
                moved = ones(1).MoveToOuterDisposeScope();
                detached = ones(1).DetachFromDisposeScope();
                Assert.Equal(1, scope.DisposablesCount);
            }
            Assert.True(inner.IsInvalid);
            Assert.False(moved.IsInvalid);
            Assert.True(outer.Contains(moved));
        }
        Assert.True(moved.IsInvalid);
        Assert.False(detached.IsInvalid);
        detached.Dispose();
    }

    [Fact]
    public void OutermostMove_Detaches()
    {
        Tensor kept;
        using (NewDisposeScope()) kept = ones(1).MoveToOuterDisposeScope();
        Assert.False(kept.IsInvalid);
        kept.Dispose();
    }

    [Fact]
    public void DisposeEverythingBut_KeepsTheScopeOpen()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (ones(1), ones(1));
        Assert.Same(b, scope.DisposeEverythingBut(b));
        Assert.True(a.IsInvalid);
        Assert.False(b.IsInvalid);
        Assert.Equal(1, scope.DisposablesCount);
    }

    [Fact]
    public void Attach_TakesOver_EachTensorHasOneScope()
    {
        var x = ones(1);
        using var first = NewDisposeScope();
        first.Attach(x);
        using var second = NewDisposeScope();
        x.MoveToOtherDisposeScope(second);
        Assert.Equal((0, 1), (first.DisposablesCount, second.DisposablesCount));
        x.Dispose();
        Assert.Equal(0, second.DisposablesCount);
    }

    [Fact]
    public void OuterScopeDisposedFirst_LeavesTheInnerWorking()
    {
        var outer = NewDisposeScope();
        var inner = NewDisposeScope();
        var x = ones(1);
        outer.Dispose();
        Assert.False(x.IsInvalid);
        inner.Dispose();
        Assert.True(x.IsInvalid);
    }

    [Fact]
    public void Statistics_CountEachFate()
    {
        var statistics = DisposeScopeManager.Statistics;
        statistics.Reset();
        ones(1).Dispose();
        using (var scope = NewDisposeScope())
        {
            _ = ones(1);
            var detached = ones(1).DetachFromDisposeScope();
            scope.Attach(detached);
        }
        Assert.Equal(1, statistics.CreatedOutsideScopeCount);
        Assert.Equal(1, statistics.DisposedOutsideScopeCount);
        Assert.Equal(2, statistics.CreatedInScopeCount);
        Assert.Equal(2, statistics.DisposedInScopeCount);
        Assert.Equal(1, statistics.DetachedFromScopeCount);
        Assert.Equal(1, statistics.AttachedToScopeCount);
        Assert.Equal(0, statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Scopes_AreTheThreadsOwn()
    {
        using var scope = NewDisposeScope();
        Tensor? other = null;
        var thread = new Thread(() => other = ones(1));
        thread.Start();
        thread.Join();
        Assert.False(scope.Contains(other!));
        other!.Dispose();
    }

    [Fact]
    public void TotalCount_ReturnsToItsStart_AndPeakDoesNot()
    {
        long before = Numbers.LiveTensors();
        using (NewDisposeScope())
            for (int i = 0; i < 10; i++) _ = ones(1);
        Assert.Equal(before, Tensor.TotalCount);
        Assert.True(Tensor.PeakCount >= before + 10);
    }

    [Fact]
    public void UnreachableTensor_IsReleasedByTheCollector()
    {
        long before = Numbers.LiveTensors();
        Forget();
        Assert.Equal(before, Numbers.LiveTensors());

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void Forget() => _ = ones(1);
    }
}
