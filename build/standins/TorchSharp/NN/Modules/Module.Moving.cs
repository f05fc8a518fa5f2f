using System;
using System.Linq;
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
            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                CheckType(dtype);
                MoveNative(dtype, device);
                _toEpilog(device, dtype, non_blocking);
                return this;
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                if (deviceType != DeviceType.CUDA) deviceIndex = -1;
                var isThere = deviceType == _deviceType && deviceIndex == _deviceIndex;
                if (isThere && parameters().All(parameter => parameter.device_type == deviceType)) return this;
                MoveNative(null, new Device(deviceType, deviceIndex));
                _toEpilog(deviceType, deviceIndex, non_blocking);
                return this;
            }

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                CheckType(dtype);
                MoveNative(dtype, null);
                _toEpilog(dtype, non_blocking);
                return this;
            }

            public Module _to(Tensor other, bool non_blocking)
            {
                _to(other.dtype, non_blocking);
                return _to(other.device_type, other.device_index, non_blocking);
            }

            protected void _toEpilog(ScalarType dtype, bool non_blocking) => _toEpilog(dtype, null, non_blocking);

            protected void _toEpilog(Device device, ScalarType dtype, bool non_blocking) => _toEpilog(dtype, device, non_blocking);

            protected void _toEpilog(DeviceType deviceType, int deviceIndex, bool non_blocking) =>
                _toEpilog(null, new Device(deviceType, deviceIndex), non_blocking);

            /// <summary>Moves children, then puts new tensors where own ones change: through a property of that name, else the field.</summary>
            protected virtual void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
            {
                foreach (var (_, child) in named_children())
                {
                    if (device is null) child._to(dtype!.Value, non_blocking);
                    else if (dtype is null) child._to(device.type, device.index, non_blocking);
                    else child._to(device, dtype.Value, non_blocking);
                }

                // A property declared anew by a derived class makes this throw, here as there.
                var properties = GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).ToDictionary(property => property.Name);
                var fields = FieldsOf(GetType()).ToDictionary(field => field.ComponentName());

                foreach (var (name, parameter) in named_parameters(false).ToList())
                {
                    if (!ReplaceParameter(dtype, device, parameter, out var moved)) continue;
                    if (properties.TryGetValue(name, out var property))
                    {
                        property.SetValue(this, moved);
                        continue;
                    }
                    parameter.Dispose();
                    ConditionallyRegisterParameter(name, moved);
                    if (fields.TryGetValue(name, out var field)) field.SetValue(this, moved);
                }

                foreach (var (name, buffer) in named_buffers(false).ToList())
                {
                    if (!ReplaceBuffer(dtype, device, buffer, out var moved)) continue;
                    if (properties.TryGetValue(name, out var property))
                    {
                        property.SetValue(this, moved);
                        continue;
                    }
                    ConditionallyRegisterBuffer(name, moved);
                    if (fields.TryGetValue(name, out var field)) field.SetValue(this, moved);
                }

                if (device is null) return;
                _deviceType = device.type;
                _deviceIndex = device.index;
            }

            /// <summary>A buffer's copy with the wanted type and place, the old one disposed; false when nothing changes.</summary>
            protected static bool ReplaceBuffer(ScalarType? dtype, Device? device, Tensor buffer, out Tensor? result)
            {
                result = null;
                var (type, place) = Target(dtype, device, buffer);
                if (!WouldCopy(buffer, type, place)) return false;
                result = buffer.to(type, place).DetachFromDisposeScope();
                buffer.Dispose();
                return true;
            }

            /// <summary>A new leaf with the wanted type and place, gradient included; false when nothing changes.</summary>
            protected static bool ReplaceParameter(ScalarType? dtype, Device? device, Parameter param, out Parameter? p)
            {
                p = null;
                using var grad = param.grad;
                var (type, place) = Target(dtype, device, param);
                if (!WouldCopy(param, type, place) && (grad is null || !WouldCopy(grad, type, place))) return false;

                using var _ = no_grad();
                p = new Parameter(param.to(type, place), param.requires_grad);
                p.DetachFromDisposeScope();
                if (grad is null) return true;
                using var movedGrad = grad.to(type, place);
                p.grad = movedGrad;
                return true;
            }

            private void MoveNative(ScalarType? dtype, Device? device)
            {
                foreach (var (name, parameter) in native?.Move(dtype, device) ?? []) ConditionallyRegisterParameter(name, parameter);
            }

            private static (ScalarType, Device) Target(ScalarType? dtype, Device? device, Tensor tensor) =>
                (dtype is { } wanted && (tensor.is_floating_point() || tensor.is_complex()) ? wanted : tensor.dtype, device ?? tensor.device);

            private static bool WouldCopy(Tensor tensor, ScalarType type, Device place) =>
                tensor.dtype != type || tensor.device_type != place.type || (place.index >= 0 && tensor.device_index != place.index);

            private static void CheckType(ScalarType dtype)
            {
                if (!is_floating_point(dtype) && !is_complex(dtype))
                    throw new ArgumentException($"nn.Module.to only accepts floating point or complex types, but got desired dtype={dtype}");
            }
        }
    }
}
