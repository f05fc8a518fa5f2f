using System;
using System.Collections.Generic;
using System.Reflection;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            private const BindingFlags EveryInstanceField = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;

            private bool componentsAreRegistered;

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                if (tensor is null || tensor.IsInvalid)
                    throw new ArgumentNullException(nameof(tensor), "A null tensor cannot be registered as a buffer.");
                if (!_internal_buffers.ContainsKey(name)) _internal_buffers.Add(name, (tensor, persistent));
                else throw new InvalidOperationException($"Tensor {name} is already registered.");
            }

            public virtual void register_parameter(string name, Parameter param)
            {
                if (param is null || param.IsInvalid)
                    throw new ArgumentNullException(nameof(param), "A null tensor cannot be registered as a parameter.");
                if (!_internal_params.ContainsKey(name)) _internal_params.Add(name, param);
                else throw new InvalidOperationException($"Parameter {name} is already registered.");
            }

            public void add_module(string name, Module module) => register_module(name, module);

            /// <summary>Registers a child, and the child's own components; null takes a child away.</summary>
            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null || submodule.isDisposed)
                {
                    _internal_submodules.Remove(name);
                    return;
                }
                if (name.Contains('.')) throw new ArgumentException($"A module's name must not contain '.': {name}");
                if (name.Length == 0) throw new ArgumentException("A module's name must not be empty.");
                if (_internal_submodules.ContainsKey(name)) throw new InvalidOperationException($"Sub-module {name} is already registered.");

                submodule.RegisterComponents();
                _internal_submodules.Add(name, submodule);
            }

            /// <summary>Registers what the fields hold now; later calls do nothing.</summary>
            protected virtual void RegisterComponents()
            {
                if (componentsAreRegistered) return;

                foreach (var field in FieldsOf(GetType()))
                {
                    var component = field.ComponentName();
                    if (_internal_submodules.ContainsKey(component) || _internal_params.ContainsKey(component) || _internal_buffers.ContainsKey(component))
                        continue;

                    switch (field.GetValue(this))
                    {
                        case Module module:
                            register_module(component, module);
                            break;
                        case Parameter parameter:
                            register_parameter(component, parameter);
                            break;
                        case Tensor tensor:
                            register_buffer(component, tensor);
                            break;
                    }
                }
                componentsAreRegistered = true;
            }

            /// <summary>The fields of a type and of its bases; a field hides those of its name further up.</summary>
            private static IEnumerable<FieldInfo> FieldsOf(Type type)
            {
                var seen = new HashSet<string>();
                for (var current = type; current is not null && current != typeof(object); current = current.BaseType)
                    foreach (var field in current.GetFields(EveryInstanceField))
                        if (seen.Add(field.Name))
                            yield return field;
            }

            protected void ConditionallyRegisterParameter(string name, Tensor value) => ConditionallyRegisterParameter(name, value as Parameter);

            protected void ConditionallyRegisterParameter(string name, Parameter? value)
            {
                if (value is null) _internal_params.Remove(name);
                else _internal_params[name] = value;
            }

            protected void ConditionallyRegisterBuffer(string name, Tensor? value, bool persistent = true)
            {
                if (value is null) _internal_buffers.Remove(name);
                else _internal_buffers[name] = (value, persistent);
            }

            protected void ClearModules() => _internal_submodules.Clear();

            /// <summary>Replaces what a parameter property holds: the old tensor is disposed, the new one outlives every dispose scope.</summary>
            private protected void Replace(string name, ref Parameter? field, Parameter? value)
            {
                if (ReferenceEquals(field, value)) return;
                field?.Dispose();
                field = value;
                field?.DetachFromDisposeScope();
                ConditionallyRegisterParameter(name, field);
            }

            /// <summary>The same for a module that libtorch keeps: it computes with the new value from now on.</summary>
            private protected void Replace(NativeTensors tensors, string name, Parameter? value)
            {
                ArgumentNullException.ThrowIfNull(value);
                tensors.Replace(name, value);
                ConditionallyRegisterParameter(name, value);
            }

            private protected void Replace(string name, ref Tensor? field, Tensor? value)
            {
                if (ReferenceEquals(field, value)) return;
                field?.Dispose();
                field = value?.DetachFromDisposeScope();
                ConditionallyRegisterBuffer(name, field);
            }
        }
    }
}
