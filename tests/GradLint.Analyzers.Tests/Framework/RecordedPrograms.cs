using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace GradLint.Tests.Framework;

/// <summary>The programs that the tests of a class check, as they hand them to <see cref="ProgramTest{TAnalyzer}"/>; nothing is analysed meanwhile.</summary>
internal static class RecordedPrograms
{
    private static readonly AsyncLocal<List<string[]>?> Recording = new();

    public static bool IsRecording => Recording.Value is not null;

    public static void Add(string[] files) => Recording.Value?.Add(files);

    public static async Task<IReadOnlyList<string[]>> OfAsync(Type tests)
    {
        var programs = Recording.Value = [];
        try
        {
            foreach (var method in tests.GetMethods().Where(method => method.ReturnType == typeof(Task)))
            {
                foreach (var arguments in await ArgumentsAsync(method))
                    await (Task)method.Invoke(Activator.CreateInstance(tests), arguments)!;
            }
        }
        finally
        {
            Recording.Value = null;
        }

        return programs;
    }

    private static async Task<IEnumerable<object?[]>> ArgumentsAsync(MethodInfo method)
    {
        var sources = method.GetCustomAttributes().OfType<IDataAttribute>().ToArray();
        if (sources.Length == 0)
            return method.IsDefined(typeof(FactAttribute)) ? [[]] : [];
        var rows = new List<object?[]>();
        await using var disposal = new DisposalTracker();
        foreach (var source in sources)
            rows.AddRange((await source.GetData(method, disposal)).Select(row => Converted(row.GetData(), method)));
        return rows;
    }

    /// <summary>Attributes hold numbers as <see cref="int"/> where a test takes another type.</summary>
    private static object?[] Converted(object?[] row, MethodInfo method) =>
        [.. row.Zip(method.GetParameters(), (value, parameter) => value is int ? Convert.ChangeType(value, Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType) : value)];
}
