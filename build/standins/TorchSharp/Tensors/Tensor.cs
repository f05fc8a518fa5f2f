using System;
using System.Threading;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A handle on a libtorch tensor. Several handles may share one tensor, and several tensors one memory.</summary>
    public partial class Tensor : IDisposable
    {
        private static long totalCount, peakCount;

        private nint handle;

        /// <summary>Takes the native handle over.</summary>
        /// <param name="register">Whether the thread's dispose scope takes the tensor in.</param>
        internal Tensor(nint handle, bool register = true)
        {
            this.handle = handle;
            if (handle == 0) return; // autograd.grad's answer for an unused input
            long count = Interlocked.Increment(ref totalCount);
            if (count > Volatile.Read(ref peakCount)) peakCount = count;
            if (register) OwningDisposeScope = DisposeScopeManager.ThreadSingleton.Register(this);
        }

        ~Tensor() => Dispose(false);

        internal DisposeScope? OwningDisposeScope { get; set; }

        /// <summary>The managed tensors alive in the process, and the most there ever were.</summary>
        public static long TotalCount => Interlocked.Read(ref totalCount);

        public static long PeakCount => Interlocked.Read(ref peakCount);

        public static Tensor UnsafeCreateTensor(nint handle) => new(handle);

        /// <exception cref="InvalidOperationException">When the tensor was disposed.</exception>
        public nint Handle => handle != 0 ? handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        public bool IsInvalid => handle == 0;

        public string? name { get; set; }

        /// <summary>Gives the native tensor away; this object is invalid from now on.</summary>
        public nint DecoupleFromNativeHandle()
        {
            nint result = Handle;
            GC.SuppressFinalize(this);
            Interlocked.Decrement(ref totalCount);
            handle = 0;
            return result;
        }

        /// <summary>Gives the native tensor to another managed object, such as a Parameter, that then stands for this one.</summary>
        internal nint MoveHandle() => DecoupleFromNativeHandle();

        /// <summary>Another managed object for the same native tensor.</summary>
        internal nint ShareHandle() => Shim.shim_share(Handle);

        internal bool IsSame(Tensor other) => Shim.shim_same(Handle, other.Handle) != 0;

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            nint released = Interlocked.Exchange(ref handle, 0);
            if (released == 0) return;
            DisposeScopeManager.ThreadSingleton.CountDisposal(this);
            OwningDisposeScope?.MarkAsDisposed(this);
            Interlocked.Decrement(ref totalCount);
            Shim.shim_dispose(released);
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        [Obsolete("Use DetachFromDisposeScope.", false)]
        public Tensor DetatchFromDisposeScope() => DetachFromDisposeScope();

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.OwningDisposeScope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (OwningDisposeScope is not null) OwningDisposeScope.MoveToOther(other, this);
            else other?.Attach(this);
            return this;
        }

        public override bool Equals(object? obj) => obj is Tensor tensor && Equals(tensor);

        /// <summary>Same shape and same elements.</summary>
        public bool Equals(Tensor target) => Aten.CallBool("aten::equal", this, target);

        public override int GetHashCode() => base.GetHashCode();
    }
}
