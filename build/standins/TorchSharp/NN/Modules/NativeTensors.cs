using System;
using System.Collections.Generic;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// The tensors of a module that TorchSharp keeps in libtorch: the module computes with these. What it registers are further handles on
/// them, which belong to the dispose scope they are made in: when it closes, the module still works, but shows no parameters any more.
/// </summary>
internal sealed class NativeTensors(Action<string, Parameter> register) : IDisposable
{
    private readonly OrderedDict<string, Tensor> tensors = [];

    /// <summary>Null where the module was made without it, such as a bias.</summary>
    public Tensor? Find(string name) => tensors.TryGetValue(name, out var tensor) ? tensor : null;

    public Tensor this[string name] => tensors[name];

    public IEnumerable<(string name, Tensor tensor)> All => tensors;

    public Tensor Add(string name, Tensor tensor, bool requiresGrad = true)
    {
        tensor.requires_grad = requiresGrad;
        tensors.Add(name, tensor.DetachFromDisposeScope());
        register(name, new Parameter(tensor.ShareHandle()));
        return tensor;
    }

    /// <summary>A handle of its own at each read.</summary>
    public Parameter? Share(string name) => Find(name) is { } tensor ? new Parameter(tensor.ShareHandle()) : null;

    public void Replace(string name, Parameter value)
    {
        tensors[name].Dispose();
        tensors[name] = new Tensor(value.ShareHandle(), register: false);
    }

    /// <summary>
    /// Changes the tensors themselves, so that all handles on them, an optimizer's too, stay good; only to and from the meta device they
    /// must be replaced.
    /// </summary>
    /// <returns>What must be registered anew.</returns>
    public IEnumerable<(string name, Parameter parameter)> Move(ScalarType? dtype, Device? device)
    {
        using var _ = no_grad();
        var replaced = new List<(string, Parameter)>();
        for (var i = 0; i < tensors.Count; i++)
        {
            var (name, tensor) = tensors[i];
            var moved = tensor.to(dtype ?? tensor.dtype, device ?? tensor.device);
            if (moved.is_meta == tensor.is_meta)
            {
                Shim.Check(Shim.shim_set_data(tensor.Handle, moved.Handle));
                moved.Dispose();
                continue;
            }
            tensors[i] = (name, moved.requires_grad_(tensor.requires_grad).DetachFromDisposeScope());
            tensor.Dispose();
            replaced.Add((name, Share(name)!));
        }
        return replaced;
    }

    public void Dispose()
    {
        foreach (var (_, tensor) in tensors) tensor.Dispose();
    }
}
