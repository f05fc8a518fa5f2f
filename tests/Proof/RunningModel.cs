using System.Reflection;
using System.Runtime.Loader;
using GradLint.Runtime;
using static TorchSharp.torch;

namespace GradLint.Proof;

/// <summary>A compiled program whose model is constructed and run.</summary>
internal sealed class RunningModel(ProofCase proofCase, Assembly assembly, AssemblyLoadContext context) : IDisposable
{
    private readonly Type? _models = assembly.GetType("Models");

    public nn.Module<Tensor, Tensor> Create(long seed)
    {
        random.manual_seed(seed);
        if (Member("Create") is { } create)
            return (nn.Module<Tensor, Tensor>)create.Invoke(null, null)!;
        var constructor = assembly.GetType("Net", throwOnError: true)!.GetConstructors().Single();
        return (nn.Module<Tensor, Tensor>)constructor.Invoke([.. constructor.GetParameters().Select(parameter => parameter.DefaultValue)]);
    }

    /// <summary>One batch: the program's own, or N(0, 1), or uniform tokens.</summary>
    public Tensor Input() => Member("Input") is { } input ? (Tensor)input.Invoke(null, null)!
        : proofCase.Vocabulary is { } vocabulary ? randint(vocabulary, proofCase.Input)
        : randn(proofCase.Input);

    /// <summary>The program's own loss, or cross-entropy with random labels.</summary>
    public Tensor Loss(Tensor output) => Member("Loss") is { } loss
        ? (Tensor)loss.Invoke(null, [output])!
        : nn.functional.cross_entropy(output, randint(output.shape[1], output.shape[0]));

    /// <summary>Constructs the model with a seed, trains it some steps by Adam on one batch, and measures its gradients on that batch.</summary>
    public GradientMeasurement Measure(long seed, int trainingSteps = 0) => Run(seed, 0, model =>
    {
        using var optimizer = trainingSteps == 0 ? null : optim.Adam(model.parameters());
        for (var step = 0; step < trainingSteps; step++)
        {
            random.manual_seed(seed);
            Step(model, optimizer!);
        }

        if (trainingSteps > 0)
            random.manual_seed(seed);
        return GradientProbe.Measure(model, Input(), Loss);
    });

    /// <summary>Constructs the model with a seed, trains it a few steps, and takes a look; the gradients are those of the last step.</summary>
    public T Run<T>(long seed, int trainingSteps, Func<nn.Module<Tensor, Tensor>, T> look)
    {
        // A module made within a dispose scope may lose its parameters to it.
        using var model = Create(seed);
        using var scope = NewDisposeScope();
        Train(model, trainingSteps);
        return look(model);
    }

    /// <summary>What a static method of the program's <c>Models</c> returns.</summary>
    public T Call<T>(string method)
    {
        using var scope = NewDisposeScope();
        return (T)Member(method)!.Invoke(null, null)!;
    }

    public void Dispose() => context.Unload();

    private void Train(nn.Module<Tensor, Tensor> model, int steps)
    {
        if (steps == 0) return;
        using var optimizer = optim.SGD(model.parameters(), 0.05);
        for (var step = 0; step < steps; step++)
            Step(model, optimizer);
    }

    private void Step(nn.Module<Tensor, Tensor> model, optim.Optimizer optimizer)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        Loss(model.call(Input())).backward();
        optimizer.step();
    }

    private MethodInfo? Member(string name) => _models?.GetMethod(name, BindingFlags.Public | BindingFlags.Static);
}
