using System;
using System.Collections.Concurrent;
using System.Text;

namespace TorchSharp;

using static torch;

/// <summary>
/// Operators by name: <c>Aten.Call("aten::add.Tensor", a, b, 1.0)</c> is libtorch's <c>add.Tensor(a, b, alpha: 1)</c>.
/// Arguments stand in the schema's order, keyword-only ones too; those left out take the schema's defaults.
/// </summary>
/// <exception cref="System.Runtime.InteropServices.ExternalException">With libtorch's message, when the operator refuses.</exception>
internal static unsafe class Aten
{
    private static readonly ConcurrentDictionary<string, nint> Operators = new();

    public static Tensor Call(string op, params ReadOnlySpan<Arg> args) => Wrap(Invoke(op, args, 1)[0]);

    public static (Tensor, Tensor) Call2(string op, params ReadOnlySpan<Arg> args)
    {
        var results = Invoke(op, args, 2);
        return (Wrap(results[0]), Wrap(results[1]));
    }

    public static (Tensor, Tensor, Tensor) Call3(string op, params ReadOnlySpan<Arg> args)
    {
        var results = Invoke(op, args, 3);
        return (Wrap(results[0]), Wrap(results[1]), Wrap(results[2]));
    }

    /// <summary>All tensors of the result, whether the operator returns a list or a tuple.</summary>
    public static Tensor[] CallList(string op, params ReadOnlySpan<Arg> args)
    {
        var results = Invoke(op, args, 0);
        var tensors = new Tensor[results.Length];
        for (int i = 0; i < tensors.Length; i++) tensors[i] = Wrap(results[i]);
        return tensors;
    }

    /// <summary>Runs an in-place operator; the result is <paramref name="self"/>, the same managed object.</summary>
    public static Tensor InPlace(string op, Tensor self, params ReadOnlySpan<Arg> args)
    {
        Invoke(op, args, 0, discard: true, self);
        return self;
    }

    /// <summary>Runs an operator for its effect.</summary>
    public static void Run(string op, params ReadOnlySpan<Arg> args) => Invoke(op, args, 0, discard: true);

    public static bool CallBool(string op, params ReadOnlySpan<Arg> args) => Invoke(op, args, 1)[0].Value != 0;

    public static long CallLong(string op, params ReadOnlySpan<Arg> args) => Invoke(op, args, 1)[0].Value;

    public static double CallDouble(string op, params ReadOnlySpan<Arg> args) => BitConverter.Int64BitsToDouble(Invoke(op, args, 1)[0].Value);

    /// <summary>A tensor for an owned handle; an undefined result is null.</summary>
    private static Tensor Wrap(NativeResult result) => result.Value == 0 ? null! : new Tensor((nint)result.Value);

    /// <param name="self">An argument before the others, where there is one.</param>
    private static ReadOnlySpan<NativeResult> Invoke(string op, ReadOnlySpan<Arg> args, int expected, bool discard = false, Tensor? self = null)
    {
        int first = self is null ? 0 : 1;
        var native = stackalloc NativeArgument[args.Length + 1];
        if (self is not null) native[0] = new() { Tag = ArgTag.Tensor, Value = self.Handle };
        int words = PayloadWords(args);
        Span<long> payload = words <= 64 ? stackalloc long[64] : new long[words];
        NativeResult* results;
        long count;
        fixed (long* start = payload)
        {
            long* next = start;
            for (int i = 0; i < args.Length; i++) native[first + i] = Marshal(args[i], ref next);
            count = Shim.shim_call(Operator(op), native, first + args.Length, discard ? 1 : 0, &results);
        }
        GC.KeepAlive(self);
        foreach (ref readonly var arg in args) GC.KeepAlive(arg.Reference);
        if (count < 0) throw Shim.Error();
        if (count < expected) throw new InvalidOperationException($"{op} gave {count} results, {expected} were expected.");
        return new ReadOnlySpan<NativeResult>(results, (int)count);
    }

    private static nint Operator(string op) => Operators.TryGetValue(op, out nint found) ? found : Operators.GetOrAdd(op, Find);

    private static nint Find(string op)
    {
        int dot = op.IndexOf('.');
        fixed (byte* name = Shim.Utf8(dot < 0 ? op : op[..dot]), overload = Shim.Utf8(dot < 0 ? "" : op[(dot + 1)..]))
            return Shim.Check(Shim.shim_operator(name, overload));
    }

    private static int PayloadWords(ReadOnlySpan<Arg> args)
    {
        int words = 0;
        foreach (ref readonly var arg in args)
            words += arg.Reference switch
            {
                string s => Encoding.UTF8.GetMaxByteCount(s.Length) / sizeof(long) + 1,
                Array a => a.Length,
                _ => 0,
            };
        return words;
    }

    private static NativeArgument Marshal(in Arg arg, ref long* payload)
    {
        var native = new NativeArgument { Tag = arg.Tag, Value = arg.Value };
        switch (arg.Reference)
        {
            case Tensor tensor:
                native.Value = tensor.Handle;
                return native;
            case Device device:
                native.Value = (long)device.type;
                native.Extra = device.index;
                return native;
            case Generator generator:
                native.Value = generator.Handle;
                return native;
            case null:
                return native;
        }
        native.Value = (long)payload;
        native.Count = arg.Reference switch
        {
            long[] integers => Copy(integers, payload),
            double[] reals => Copy(reals, payload),
            Tensor?[] tensors => Copy(tensors, payload),
            string text => Encoding.UTF8.GetBytes(text, new Span<byte>(payload, Encoding.UTF8.GetMaxByteCount(text.Length))),
            _ => throw new InvalidOperationException($"{arg.Reference.GetType()} is no argument of an operator."),
        };
        payload += arg.Reference is string ? (native.Count + sizeof(long) - 1) / sizeof(long) : native.Count;
        return native;
    }

    private static long Copy(long[] values, long* payload)
    {
        values.CopyTo(new Span<long>(payload, values.Length));
        return values.Length;
    }

    private static long Copy(double[] values, long* payload)
    {
        values.CopyTo(new Span<double>(payload, values.Length));
        return values.Length;
    }

    private static long Copy(Tensor?[] values, long* payload)
    {
        for (int i = 0; i < values.Length; i++) payload[i] = values[i]?.Handle ?? 0;
        return values.Length;
    }
}
