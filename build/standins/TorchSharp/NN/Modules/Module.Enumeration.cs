using System;
using System.Collections.Generic;
using System.Linq;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            public virtual IEnumerable<(string name, Module module)> named_children() => _internal_submodules;

            public virtual IEnumerable<Module> children() => named_children().Select(child => child.module);

            /// <summary>All modules below this one, level by level below each child; this one is not among them.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var child in named_children()) yield return child;
                foreach (var (prefix, child) in named_children())
                    foreach (var (name, module) in child.named_modules())
                        yield return ($"{prefix}.{name}", module);
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(entry => entry.module);

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
                foreach (var entry in _internal_params)
                    if (IsNew(entry.Item2, seen))
                        yield return entry;

                if (!recurse) yield break;
                foreach (var (prefix, child) in _internal_submodules)
                    foreach (var (name, parameter) in child.named_parameters(true))
                        if (IsNew(parameter, seen))
                            yield return ($"{prefix}.{name}", parameter);
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(entry => entry.parameter);

            /// <summary>Persistent buffers; TorchSharp passes over the others whatever <paramref name="include_nonpersistent"/> says.</summary>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
                foreach (var (name, (buffer, persistent)) in _internal_buffers)
                    if (persistent && IsNew(buffer, seen))
                        yield return (name, buffer);

                if (!recurse) yield break;
                foreach (var (prefix, child) in _internal_submodules)
                    foreach (var (name, buffer) in child.named_buffers(true, include_nonpersistent))
                        if (IsNew(buffer, seen))
                            yield return ($"{prefix}.{name}", buffer);
            }

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(entry => entry.buffer);

            public virtual bool has_parameter(string target) =>
                _internal_params.ContainsKey(target) || (ChildOf(target) is var (child, rest) && child.has_parameter(rest));

            public virtual bool has_buffer(string target) =>
                _internal_buffers.ContainsKey(target) || (ChildOf(target) is var (child, rest) && child.has_buffer(rest));

            public virtual Parameter? get_parameter(string target)
            {
                if (_internal_params.TryGetValue(target, out var parameter)) return parameter;
                return ChildOf(target) is var (child, rest) ? child.get_parameter(rest) : null;
            }

            public virtual Tensor? get_buffer(string target)
            {
                if (_internal_buffers.TryGetValue(target, out var buffer)) return buffer.Item1;
                return ChildOf(target) is var (child, rest) ? child.get_buffer(rest) : null;
            }

            /// <summary>The children's entries under their names, each tensor once. The set is made anew at each enumeration.</summary>
            private protected static IEnumerable<(string name, Parameter parameter)> NamedParametersOf(IEnumerable<(string, Module)> children)
            {
                var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
                foreach (var (prefix, child) in children)
                    foreach (var (name, parameter) in child.named_parameters(true))
                        if (IsNew(parameter, seen))
                            yield return ($"{prefix}.{name}", parameter);
            }

            private protected static IEnumerable<(string name, Tensor buffer)> NamedBuffersOf(IEnumerable<(string, Module)> children, bool include_nonpersistent)
            {
                var seen = new HashSet<Tensor>(ReferenceEqualityComparer.Instance);
                foreach (var (prefix, child) in children)
                    foreach (var (name, buffer) in child.named_buffers(true, include_nonpersistent))
                        if (IsNew(buffer, seen))
                            yield return ($"{prefix}.{name}", buffer);
            }

            /// <summary>Disposed tensors count as seen: TorchSharp drops them without a word.</summary>
            private static bool IsNew(Tensor tensor, HashSet<Tensor> seen) => !tensor.IsInvalid && seen.Add(tensor);

            private (Module child, string rest)? ChildOf(string target)
            {
                var dot = target.IndexOf('.', StringComparison.Ordinal);
                if (dot < 0) return null;
                foreach (var (name, child) in named_children())
                    if (name == target[..dot])
                        return (child, target[(dot + 1)..]);
                return null;
            }
        }
    }
}
