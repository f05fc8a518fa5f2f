using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>A dictionary whose modules register under their keys, as it stands when it is itself registered.</summary>
    public class ModuleDict<T> : Module, IDictionary<string, T>, IList<(string, T)> where T : Module
    {
        private readonly OrderedDict<string, T> entries = [];
        private bool isRegistered;

        public ModuleDict() : base(nameof(ModuleDict))
        {
        }

        public int Count => entries.Count;

        public bool IsReadOnly => false;

        public ICollection<string> Keys => entries.Keys;

        public ICollection<T> Values => entries.Values;

        public T this[string key]
        {
            get => entries[key];
            set => entries[key] = value;
        }

        public (string, T) this[int index]
        {
            get => entries[index];
            set => entries[index] = value;
        }

        protected override void RegisterComponents()
        {
            if (isRegistered) return;
            foreach (var (name, module) in entries) register_module(name, module);
            isRegistered = true;
        }

        public IEnumerable<string> keys() => entries.keys();

        public IEnumerable<T> values() => entries.values();

        public IEnumerator<(string, T)> items() => entries.items();

        public void Add(string key, T value) => entries.Add(key, value);

        public void Add((string, T) item) => entries.Add(item);

        public void Add(KeyValuePair<string, T> item) => entries.Add(item);

        public void Insert(int index, (string, T) item) => entries.Insert(index, item);

        public bool Remove(string key) => entries.Remove(key);

        public bool Remove((string, T) item) => entries.Remove(item);

        public bool Remove(KeyValuePair<string, T> item) => entries.Remove(item);

        public void RemoveAt(int index) => entries.RemoveAt(index);

        public void Clear() => entries.Clear();

        public void clear() => entries.Clear();

        public bool ContainsKey(string key) => entries.ContainsKey(key);

        public bool Contains((string, T) item) => entries.Contains(item);

        public bool Contains(KeyValuePair<string, T> item) => entries.Contains(item);

        public int IndexOf((string, T) item) => entries.IndexOf(item);

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) => entries.TryGetValue(key, out value);

        public void CopyTo((string, T)[] array, int arrayIndex) => entries.CopyTo(array, arrayIndex);

        public void CopyTo(KeyValuePair<string, T>[] array, int arrayIndex) => entries.CopyTo(array, arrayIndex);

        public IEnumerator<(string, T)> GetEnumerator() => entries.GetEnumerator();

        IEnumerator<KeyValuePair<string, T>> IEnumerable<KeyValuePair<string, T>>.GetEnumerator() =>
            ((IEnumerable<KeyValuePair<string, T>>)entries).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable)entries).GetEnumerator();
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static ModuleDict<Module> ModuleDict(params (string, Module)[] modules) => ModuleDict<Module>(modules);

            public static ModuleDict<T> ModuleDict<T>(params (string, T)[] modules) where T : Module
            {
                var result = new ModuleDict<T>();
                foreach (var entry in modules) result.Add(entry);
                return result;
            }
        }
    }
}
