using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>Calls its modules one after the other, and disposes every tensor between them.</summary>
    /// <remarks>It does not register the components of its modules: one that never registered its own has no parameters here.</remarks>
    public class Sequential : Module<Tensor, Tensor>
    {
        private const string NativeName = "torch::nn::SequentialImpl";

        private readonly List<(string name, IModule<Tensor, Tensor> module)> items = [];

        protected Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) : base(NativeName)
        {
            foreach (var (name, module) in modules) Add(name, module);
        }

        protected Sequential(params Module<Tensor, Tensor>[] modules) : base(NativeName)
        {
            foreach (var module in modules) Add(module);
        }

        internal Sequential() : base(NativeName)
        {
        }

        public int Count => items.Count;

        [IndexerName("SequentialItems")]
        public IModule<Tensor, Tensor> this[int index] => items[index].module;

        [IndexerName("SequentialItems")]
        public Sequential this[(int? start, int? end) index] => Slice(index.start ?? 0, index.end ?? Count);

        [IndexerName("SequentialItems")]
        public Sequential this[Range index] => Slice(index.Start.GetOffset(Count), index.End.GetOffset(Count));

        private IEnumerable<(string, Module)> Children => items.Select(item => (item.name, (Module)item.module));

        public Sequential append(string name, IModule<Tensor, Tensor> module)
        {
            Add(name, module);
            return this;
        }

        public Sequential append(IModule<Tensor, Tensor> module)
        {
            Add(module);
            return this;
        }

        internal void Add(string name, IModule<Tensor, Tensor> module) => items.Add((name, module));

        internal void Add(IModule<Tensor, Tensor> module) => Add($"{items.Count}", module);

        public override Tensor forward(Tensor tensor)
        {
            if (items.Count == 0) return tensor.alias();

            var current = items[0].module.call(tensor);
            foreach (var (_, module) in items.Skip(1))
            {
                var next = module.call(current);
                current.Dispose();
                current = next;
            }
            return current;
        }

        public override IEnumerable<(string name, Module module)> named_children() => Children;

        public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
            recurse ? NamedParametersOf(Children) : [];

        public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_persistent = true) =>
            recurse ? NamedBuffersOf(Children, include_persistent) : [];

        public override Module apply(Action<Module> fn)
        {
            foreach (var (_, module) in Children) module.apply(fn);
            fn(this);
            return this;
        }

        protected internal override Module _to(Device device, ScalarType dtype, bool non_blocking) => Move(child => child._to(device, dtype, non_blocking));

        protected internal override Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking) =>
            Move(child => child._to(deviceType, deviceIndex, non_blocking));

        protected internal override Module _to(ScalarType dtype, bool non_blocking) => Move(child => child._to(dtype, non_blocking));

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                foreach (var (_, module) in Children)
                    module.Dispose();
            base.Dispose(disposing);
        }

        private Sequential Move(Action<Module> move)
        {
            foreach (var (_, module) in Children) move(module);
            return this;
        }

        private Sequential Slice(int start, int end)
        {
            if (start < 0 || start > Count) throw new IndexOutOfRangeException($"{start} is not a valid index.");
            if (end < 0 || end > Count) throw new IndexOutOfRangeException($"{end} is not a valid index.");
            var slice = new Sequential();
            for (var i = start; i < end; i++) slice.items.Add(items[i]);
            return slice;
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Sequential Sequential() => new();

            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) => Sequential((IEnumerable<Module<Tensor, Tensor>>)modules);

            public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) =>
                Sequential((IEnumerable<(string, Module<Tensor, Tensor>)>)modules);

            public static Sequential Sequential(params Tuple<string, Module<Tensor, Tensor>>[] modules) =>
                Sequential((IEnumerable<Tuple<string, Module<Tensor, Tensor>>>)modules);

            public static Sequential Sequential(IEnumerable<Tuple<string, Module<Tensor, Tensor>>> modules) =>
                Sequential(modules.Select(entry => (entry.Item1, entry.Item2)));

            public static Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules)
            {
                var sequential = new Sequential();
                foreach (var (name, module) in modules) sequential.Add(name, module);
                return sequential;
            }

            public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules)
            {
                var sequential = new Sequential();
                foreach (var module in modules) sequential.Add(module);
                return sequential;
            }
        }
    }
}
