using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>A dictionary of parameters; unlike modules in a dictionary, they are enumerated as they stand.</summary>
    public class ParameterDict : Module, IDictionary<string, Parameter>, IList<(string, Parameter)>
    {
        private readonly OrderedDict<string, Parameter> entries = [];
        private bool isRegistered;

        public ParameterDict() : base(nameof(ParameterDict))
        {
        }

        public int Count => entries.Count;

        public bool IsReadOnly => false;

        public ICollection<string> Keys => entries.Keys;

        public ICollection<Parameter> Values => entries.Values;

        public Parameter this[string key]
        {
            get => entries[key];
            set => entries[key] = value;
        }

        public (string, Parameter) this[int index]
        {
            get => entries[index];
            set => entries[index] = value;
        }

        protected override void RegisterComponents()
        {
            if (isRegistered) return;
            foreach (var (name, parameter) in entries) register_parameter(name, parameter);
            isRegistered = true;
        }

        public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse) => entries;

        public override bool has_parameter(string target) => entries.ContainsKey(target);

        public override Parameter? get_parameter(string target) => entries.TryGetValue(target, out var parameter) ? parameter : null;

        protected override void _toEpilog(torch.ScalarType? dtype, torch.Device? device, bool non_blocking)
        {
            for (var i = 0; i < Count; i++)
            {
                var (name, parameter) = entries[i];
                if (!ReplaceParameter(dtype, device, parameter, out var moved)) continue;
                parameter.Dispose();
                entries[i] = (name, moved!);
            }
        }

        public IEnumerable<string> keys() => entries.keys();

        public IEnumerable<Parameter> values() => entries.values();

        public IEnumerator<(string, Parameter)> items() => entries.items();

        public void Add(string key, Parameter value) => entries.Add(key, value);

        public void Add((string, Parameter) item) => entries.Add(item);

        public void Add(KeyValuePair<string, Parameter> item) => entries.Add(item);

        public void Insert(int index, (string, Parameter) item) => entries.Insert(index, item);

        public bool Remove(string key) => entries.Remove(key);

        public bool Remove((string, Parameter) item) => entries.Remove(item);

        public bool Remove(KeyValuePair<string, Parameter> item) => entries.Remove(item);

        public void RemoveAt(int index) => entries.RemoveAt(index);

        public void Clear() => entries.Clear();

        public void clear() => entries.Clear();

        public bool ContainsKey(string key) => entries.ContainsKey(key);

        public bool Contains((string, Parameter) item) => entries.Contains(item);

        public bool Contains(KeyValuePair<string, Parameter> item) => entries.Contains(item);

        public int IndexOf((string, Parameter) item) => entries.IndexOf(item);

        public bool TryGetValue(string key, [MaybeNullWhen(false)] out Parameter value) => entries.TryGetValue(key, out value);

        public void CopyTo((string, Parameter)[] array, int arrayIndex) => entries.CopyTo(array, arrayIndex);

        public void CopyTo(KeyValuePair<string, Parameter>[] array, int arrayIndex) => entries.CopyTo(array, arrayIndex);

        public IEnumerator<(string, Parameter)> GetEnumerator() => entries.GetEnumerator();

        IEnumerator<KeyValuePair<string, Parameter>> IEnumerable<KeyValuePair<string, Parameter>>.GetEnumerator() =>
            ((IEnumerable<KeyValuePair<string, Parameter>>)entries).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable)entries).GetEnumerator();
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static ParameterDict ParameterDict(params (string, Parameter)[] parameters)
            {
                var result = new ParameterDict();
                foreach (var entry in parameters) result.Add(entry);
                return result;
            }
        }
    }
}
