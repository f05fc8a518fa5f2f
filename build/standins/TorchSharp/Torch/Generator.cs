using System;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A source of pseudo-random numbers on the CPU.</summary>
    public class Generator : IDisposable
    {
        private readonly nint handle;
        private bool disposed;

        public Generator(ulong seed = 0, Device? device = null) : this(Shim.shim_generator(seed)) =>
            this.device = device ?? CPU;

        private Generator(nint handle) => this.handle = handle;

        ~Generator() => Dispose(false);

        /// <summary>The generator that operators use when they are given none.</summary>
        public static Generator Default { get; } = new(Shim.shim_generator_default());

        public Device device { get; private set; } = CPU;

        public nint Handle => disposed ? throw new ObjectDisposedException(nameof(Generator)) : handle;

        public Generator manual_seed(long seed)
        {
            Shim.shim_generator_set_seed(Handle, (ulong)seed);
            return this;
        }

        /// <summary>Seeds from the machine's entropy; the new seed.</summary>
        public long seed() => (long)Shim.shim_generator_seed(Handle);

        public long initial_seed() => (long)Shim.shim_generator_current_seed(Handle);

        public Tensor get_state() => new(Shim.Check(Shim.shim_generator_get_state(Handle)));

        public void set_state(Tensor value) => Shim.Check(Shim.shim_generator_set_state(Handle, value.Handle));

        public void Dispose()
        {
            if (ReferenceEquals(this, Default)) return;
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            if (disposed) return;
            disposed = true;
            Shim.shim_generator_dispose(handle);
        }
    }

    /// <summary>Seeds the default generator. Equal seeds give equal numbers on equal builds of libtorch.</summary>
    public static Generator manual_seed(long seed)
    {
        Shim.shim_manual_seed((ulong)seed);
        return Generator.Default;
    }

    public static long seed() => Generator.Default.seed();
    public static long initial_seed() => Generator.Default.initial_seed();
    public static Tensor get_rng_state() => Generator.Default.get_state();
    public static void set_rng_state(Tensor new_state) => Generator.Default.set_state(new_state);

    public static partial class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);
        public static long seed() => torch.seed();
        public static long initial_seed() => torch.initial_seed();
        public static Tensor get_rng_state() => torch.get_rng_state();
        public static void set_rng_state(Tensor new_state) => torch.set_rng_state(new_state);
    }
}
