using System;
using System.Collections.Generic;
using System.Linq;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>What one call of a <see cref="Function{T}"/> carries from forward to backward.</summary>
        public class AutogradContext : IDisposable
        {
            private readonly Dictionary<string, object> data = [];

            internal AutogradContext() { }

            internal List<Tensor> Saved { get; private set; } = [];
            internal List<Tensor> Dirty { get; private set; } = [];
            internal List<Tensor> NonDifferentiable { get; private set; } = [];

            /// <summary>The native node, while its backward runs.</summary>
            internal nint RunningNode { get; set; }

            internal int SavedCount { get; set; }

            public bool MaterializeGrads { get; private set; } = true;

            /// <summary>Inputs or outputs of forward that backward needs; a later in-place change of one is an error in backward.</summary>
            public void save_for_backward(List<Tensor> tensors) => Saved = tensors;

            public void save_data(string key, object value) => data[key] = value;

            public object get_data(string key) => data.GetValueOrDefault(key)!;

            /// <summary>Inputs that forward changed in place and returned.</summary>
            public void mark_dirty(List<Tensor> tensors) => Dirty = tensors.ToList();

            public void mark_non_differentiable(List<Tensor> tensors) => NonDifferentiable = tensors.ToList();

            /// <summary>Whether backward gets zeros for an output that did not contribute, rather than an invalid tensor.</summary>
            public void set_materialize_grads(bool value) => MaterializeGrads = value;

            public unsafe List<Tensor> get_saved_variables()
            {
                if (RunningNode == 0) throw new InvalidOperationException("Saved tensors are available in backward only.");
                var handles = new nint[SavedCount];
                fixed (nint* h = handles) Shim.Check(Shim.shim_function_saved(RunningNode, handles.Length, h));
                return handles.Select(handle => handle == 0 ? null! : new Tensor(handle)).ToList();
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing) => data.Clear();
        }
    }
}
