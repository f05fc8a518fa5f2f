using System.Reflection;
using GradLint.Core.Knowledge;
using TorchSharp;
using static TorchSharp.torch;

namespace GradLint.Analyzers.Tests.Extraction;

/// <summary>A compiled model at run time: what TorchSharp itself says of it.</summary>
internal sealed class RunningModel
{
    private readonly Assembly _assembly;
    private readonly nn.Module _module;

    public RunningModel(Assembly assembly)
    {
        _assembly = assembly;
        var type = assembly.GetType("Model", throwOnError: true)!;
        var constructor = type.GetConstructors().OrderBy(candidate => candidate.GetParameters().Length).First();
        _module = (nn.Module)constructor.Invoke(constructor.GetParameters().Select(parameter => parameter.DefaultValue).ToArray());
    }

    /// <summary>Paths and shapes, as <c>fc1.weight[4,3]</c>.</summary>
    public IReadOnlyList<string> Parameters() =>
        _module.named_parameters().Select(pair => $"{pair.name}[{string.Join(",", pair.parameter.shape)}]").ToArray();

    /// <summary>Paths of the layers of TorchSharp in the order in which their forward hooks fire on the program's <c>Data.Inputs()</c>.</summary>
    public IReadOnlyList<string> FiredHooks()
    {
        var fired = new List<string>();
        var hooked = new HashSet<nn.Module>(ReferenceEqualityComparer.Instance);
        foreach (var (path, module) in _module.named_modules())
        {
            if (LayerTable.OfModule(module.GetType().Name) is not null && hooked.Add(module))
                Hook(module, () => fired.Add(path));
        }

        var inputs = (object?[])_assembly.GetType("Data", throwOnError: true)!.GetMethod("Inputs")!.Invoke(null, null)!;
        var call = _module.GetType().GetMethods().Where(method => method.Name == "forward")
            .First(method => method.GetParameters().Length >= inputs.Length && method.DeclaringType!.Assembly == _assembly || method.GetParameters().Length == inputs.Length);
        call.Invoke(_module, inputs.Concat(call.GetParameters().Skip(inputs.Length).Select(parameter => parameter.DefaultValue)).ToArray());
        return fired;
    }

    private static void Hook(nn.Module module, Action fired)
    {
        var register = module.GetType().GetMethods().First(method =>
            method.Name == "register_forward_pre_hook" && method.GetParameters()[0].ParameterType == typeof(Action<nn.Module>));
        register.Invoke(module, [new Action<nn.Module>(_ => fired())]);
    }
}
