using System;

namespace TorchSharp;

/// <summary>Kinds of devices, numbered as in libtorch.</summary>
public enum DeviceType
{
    CPU = 0, CUDA = 1, MKLDNN = 2, OPENGL = 3, OPENCL = 4, IDEEP = 5, HIP = 6, FPGA = 7, MSNPU = 8, XLA = 9, MPS = 13, META = 14,
}

public static partial class torch
{
    /// <summary>Where a tensor's memory is: <c>cpu</c>, <c>cuda:0</c>, <c>meta</c> … An index of -1 is the current device of that type.</summary>
    public class Device
    {
        /// <param name="description">"type" or "type:index".</param>
        public Device(string description)
        {
            var parts = description.Split(':');
            type = Parse(parts[0]);
            if (parts.Length == 2) index = int.Parse(parts[1]);
        }

        public Device(string deviceType, int index = -1) : this(Parse(deviceType), index) { }

        public Device(DeviceType deviceType, int index = -1) => (type, this.index) = (deviceType, index);

        /// <summary>The CUDA device of this index.</summary>
        public Device(int index) : this(DeviceType.CUDA, index) { }

        public DeviceType type { get; private set; }
        public int index { get; private set; } = -1;

        private static DeviceType Parse(string type) => Enum.Parse<DeviceType>(type.ToUpperInvariant());

        public override string ToString()
        {
            string name = type.ToString().ToLowerInvariant();
            return type == DeviceType.CPU || index == -1 ? name : $"{name}:{index}";
        }

        public static implicit operator Device(string description) => new(description);
    }

    public static readonly Device CPU = new(DeviceType.CPU);
    public static readonly Device META = new(DeviceType.META);
    public static Device CUDA => InitializeDevice(new Device(DeviceType.CUDA));
    public static Device MPS => InitializeDevice(new Device(DeviceType.MPS));

    public static Device device(string description) => InitializeDevice(new Device(description));
    public static Device device(string deviceType, int index = -1) => InitializeDevice(new Device(deviceType, index));
    public static Device device(DeviceType deviceType, int index = -1) => InitializeDevice(new Device(deviceType, index));
    public static Device device(int index) => new(DeviceType.CUDA, index);

    private static Device? defaultDevice;
    private static ScalarType defaultType = ScalarType.Float32;

    public static Device get_default_device() => defaultDevice ??= CPU;
    public static void set_default_device(Device device) => defaultDevice = device;
    public static void set_default_device(string device) => defaultDevice = device;

    public static ScalarType get_default_dtype() => defaultType;

    /// <exception cref="ArgumentException">For a type that is not floating point.</exception>
    public static void set_default_dtype(ScalarType dtype) =>
        defaultType = is_floating_point(dtype) ? dtype : throw new ArgumentException($"The default dtype is a floating-point type, not {dtype}.");

    /// <summary>The device, or the default one for null, checked to be usable here.</summary>
    public static Device InitializeDevice(Device? device)
    {
        device ??= get_default_device();
        InitializeDeviceType(device.type);
        return device;
    }

    /// <exception cref="InvalidOperationException">When this machine's libtorch cannot use the type.</exception>
    public static void InitializeDeviceType(DeviceType deviceType)
    {
        bool available = deviceType switch { DeviceType.CPU or DeviceType.META => true, DeviceType.CUDA => cuda.is_available(), _ => false };
        if (!available) throw new InvalidOperationException($"Torch device type {deviceType} did not initialise on the current machine.");
    }

    public static bool mps_is_available() => false;
    public static bool cuda_is_available() => cuda.is_available();

    public static class cuda
    {
        public static bool is_available() => Shim.shim_cuda_is_available() != 0;
        public static bool is_cudnn_available() => false;
        public static int device_count() => 0;
        public static void manual_seed(long seed) => torch.manual_seed(seed);
        public static void manual_seed_all(long seed) => torch.manual_seed(seed);
        public static void synchronize(Device? device = null) => InitializeDeviceType(DeviceType.CUDA);
    }
}
