using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;

namespace TorchSharp;

using static torch;
using static torch.autograd;

/// <summary>The managed half of a graph node whose backward is managed code; it lives as long as the native half.</summary>
internal sealed unsafe class FunctionNode
{
    private static readonly ConcurrentDictionary<long, FunctionNode> Alive = new();
    private static long lastId;

    private readonly string name;
    private readonly bool[] isTensor;
    private readonly AutogradContext context = new();
    private readonly Func<AutogradContext, List<Tensor>, List<Tensor>> backward;

    /// <summary>libtorch copies an error's message only after the callback returned.</summary>
    [ThreadStatic] private static byte[]? message;

    static FunctionNode() => Shim.shim_function_callbacks(&OnBackward, &OnRelease);

    private FunctionNode(string name, bool[] isTensor, Func<AutogradContext, List<Tensor>, List<Tensor>> backward) =>
        (this.name, this.isTensor, this.backward) = (name, isTensor, backward);

    public static List<Tensor> Apply(string name, object[] arguments, Func<AutogradContext, object[], List<Tensor>> forward, Func<AutogradContext, List<Tensor>, List<Tensor>> backward)
    {
        var inputs = arguments.OfType<Tensor>().Where(tensor => !tensor.IsInvalid).ToArray();
        var node = new FunctionNode(name, Array.ConvertAll(arguments, a => a is Tensor { IsInvalid: false }), backward);
        long id = Interlocked.Increment(ref lastId);
        Alive[id] = node;
        nint native = 0;
        try
        {
            fixed (byte* text = Shim.Utf8(name))
            fixed (nint* i = Handles(inputs))
                native = Shim.shim_function_node(id, text, i, inputs.Length);
            if (native == 0) Alive.TryRemove(id, out _);
            return node.Run(native, inputs, arguments, forward);
        }
        finally
        {
            if (native != 0) Shim.shim_function_node_release(native);
        }
    }

    private List<Tensor> Run(nint native, Tensor[] inputs, object[] arguments, Func<AutogradContext, object[], List<Tensor>> forward)
    {
        List<Tensor> raw;
        using (no_grad()) raw = forward(context, arguments);

        nint[] from = Handles(inputs), made = Handles(raw), fixedOnes = Handles(context.NonDifferentiable), dirty = Handles(context.Dirty);
        var wrapped = new nint[made.Length];
        fixed (nint* i = from, o = made, n = fixedOnes, d = dirty, w = wrapped)
            Shim.Check(Shim.shim_function_wrap(native, i, from.Length, n, fixedOnes.Length, d, dirty.Length, o, made.Length, w));
        if (native != 0) Save(native);
        return wrapped.Select(handle => new Tensor(handle)).ToList();
    }

    private void Save(nint native)
    {
        var saved = context.Saved.Select(tensor => tensor is { IsInvalid: false } ? tensor.Handle : 0).ToArray();
        fixed (nint* s = saved) Shim.Check(Shim.shim_function_save(native, s, saved.Length));
        context.SavedCount = saved.Length;
        Shim.shim_function_materialize(native, context.MaterializeGrads ? 1 : 0);
    }

    [UnmanagedCallersOnly]
    private static byte* OnBackward(long id, nint native, nint* gradients, long count, nint* results, long resultCount)
    {
        try
        {
            Alive[id].Backward(native, new ReadOnlySpan<nint>(gradients, (int)count), new Span<nint>(results, (int)resultCount));
            return null;
        }
        catch (Exception error)
        {
            message = GC.AllocateArray<byte>(Encoding.UTF8.GetByteCount(error.Message) + 1, pinned: true);
            Encoding.UTF8.GetBytes(error.Message, message);
            return (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(message, 0);
        }
    }

    [UnmanagedCallersOnly]
    private static void OnRelease(long id)
    {
        if (Alive.TryRemove(id, out var node)) node.context.Dispose();
    }

    /// <summary>As in TorchSharp, the gradients handed in and those returned stay the function's own to dispose.</summary>
    private void Backward(nint native, ReadOnlySpan<nint> gradients, Span<nint> results)
    {
        var given = new List<Tensor>();
        foreach (nint gradient in gradients) given.Add(new Tensor(gradient));
        context.RunningNode = native;
        List<Tensor> found;
        try
        {
            found = backward(context, given);
        }
        finally
        {
            context.RunningNode = 0;
        }

        int wanted = isTensor.Length;
        bool complete = found.Count == wanted || (found.Count > wanted && found.Skip(wanted).All(t => t is not { IsInvalid: false }));
        if (!complete) throw new InvalidOperationException($"Function {name} returned an incorrect number of gradients (expected {wanted}, got {found.Count})");
        int next = 0;
        for (int i = 0; i < wanted; i++)
        {
            bool defined = found[i] is { IsInvalid: false };
            if (isTensor[i]) results[next++] = defined ? found[i].ShareHandle() : 0;
            else if (defined) throw new InvalidOperationException($"Function {name} returned a gradient at position {i + 1}, where forward was given no tensor");
        }
    }
}
