using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using GradLint.Analyzers;
using TorchSharp;
using TorchSharp.Modules;

namespace GradLint.Tests.Framework;

/// <summary>
/// Checks a finding about registration twice: where the analyzer reports it, and on the running program, where a module
/// then lists fewer parameters than the layers in its fields have.
/// </summary>
internal static partial class VerifyRegistration
{
    public static async Task TriggersAsync(params string[] files)
    {
        await Verify<ModuleWiringAnalyzer>.DiagnosticsAsync(files);
        if (RecordedPrograms.IsRecording)
            return;
        var counts = Counts(files);
        Assert.True(counts.Any(count => count.Listed < count.Held), "every module lists all its parameters: " + string.Join(", ", counts));
    }

    /// <summary>For each module type of the program that can be made here, what it lists and what its fields hold.</summary>
    private static List<(string Type, int Listed, int Held)> Counts(string[] files)
    {
        using var image = new MemoryStream();
        var program = files.Append(TorchSharpProgram.Usings).Select((file, index) => AllAnalyzers.Parse(Markup().Replace(file, ""), $"{index}.cs"));
        var result = AllAnalyzers.Compile(program).Emit(image);
        Assert.True(result.Success, string.Join(Environment.NewLine, result.Diagnostics));
        image.Position = 0;
        var context = new AssemblyLoadContext("program", isCollectible: true);
        try
        {
            var counts = new List<(string, int, int)>();
            foreach (var type in context.LoadFromStream(image).GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(torch.nn.Module)) && !type.ContainsGenericParameters))
            {
                foreach (var constructor in type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
                {
                    if (Made(constructor) is { } module)
                        counts.Add((type.Name, module.parameters().Count(), new Fields().Count(module)));
                }
            }

            return counts;
        }
        finally
        {
            context.Unload();
        }
    }

    private static torch.nn.Module? Made(ConstructorInfo constructor)
    {
        try
        {
            return (torch.nn.Module)constructor.Invoke([.. constructor.GetParameters().Select(Argument)]);
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }

    private static object? Argument(ParameterInfo parameter)
    {
        if (parameter.HasDefaultValue)
            return parameter.DefaultValue;
        var type = parameter.ParameterType;
        return type == typeof(int) || type == typeof(long) || type == typeof(double) ? Convert.ChangeType(4, type)
            : type == typeof(string) ? "name"
            : type.IsValueType ? Activator.CreateInstance(type)
            : null;
    }

    [GeneratedRegex(@"\{\|[#\w]+:|\|\}")]
    private static partial Regex Markup();

    /// <summary>Counts the trainable tensors behind the fields of modules, however these hold them.</summary>
    private sealed class Fields
    {
        private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);

        public int Count(object? value)
        {
            if (value is null or string || !value.GetType().IsValueType && !_seen.Add(value))
                return 0;
            return value switch
            {
                torch.Tensor tensor => tensor.requires_grad ? 1 : 0,
                torch.nn.Module module when module.GetType().Assembly != typeof(torch).Assembly => OwnFields(module.GetType()).Sum(field => Count(field.GetValue(module))),
                Sequential sequential => sequential.children().Sum(Count),
                IEnumerable<torch.nn.Module> modules => modules.Sum(Count),
                torch.nn.Module layer => layer.parameters().Count(),
                ITuple tuple => Enumerable.Range(0, tuple.Length).Sum(index => Count(tuple[index])),
                IDictionary map => map.Values.Cast<object>().Sum(Count),
                IEnumerable items => items.Cast<object>().Sum(Count),
                _ => 0,
            };
        }

        private static IEnumerable<FieldInfo> OwnFields(Type type)
        {
            for (var current = type; current.Assembly != typeof(torch).Assembly; current = current.BaseType!)
            {
                foreach (var field in current.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                    yield return field;
            }
        }
    }
}
