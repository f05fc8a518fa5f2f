using System.Text.Json;
using GradLint.Tool.Predict;
using Spectre.Console;

namespace GradLint.Tool.Tests.Predict;

public sealed class PredictCommandTests : IDisposable
{
    private const string Model = """
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;

        public class Classifier : Module<Tensor, Tensor>
        {
            private readonly Linear hidden = Linear(4, 8);
            private readonly Linear head = Linear(8, 2);

            public Classifier() : base(nameof(Classifier))
            {
                init.xavier_uniform_(hidden.weight, gain: 2);
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => head.call(functional.relu(hidden.call(x)));
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("gradlint-predict-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void PrintsLayersWithParametersAndPlaces()
    {
        var (exitCode, output, errors) = Run(new PredictRequest(Write("Classifier.cs", Model)) { ShowParameters = true });

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains("Classifier (Classifier.cs:6) known", output);
        Assert.Contains("hidden Linear (Classifier.cs:8)", output);
        Assert.Matches(@"hidden\.weight 8×4 XavierUniform\(gain: 2\) gradient \d\.\dE[+-]\d+ of the head's", output);
        Assert.Contains("head.bias 2 DefaultFanIn", output);
        Assert.Contains("1 model: 1 known, 0 partial, 0 unknown", output);
    }

    [Fact]
    public void GraphListsOperationsWithTheirInputs()
    {
        var (_, output, _) = Run(new PredictRequest(Write("Classifier.cs", Model)) { ShowGraph = true });
        Assert.Contains("2 ReLU(inplace: False)  ← 1 (Classifier.cs:17)", output);
    }

    [Fact]
    public void JsonHoldsTheWholeModel()
    {
        var file = Path.Combine(_folder, "out", "models.json");
        Assert.Equal(0, Run(new PredictRequest(Write("Classifier.cs", Model)) { Json = file }).ExitCode);

        using var document = JsonDocument.Parse(File.ReadAllText(file));
        var model = document.RootElement.GetProperty("models")[0];
        Assert.Equal(("Classifier", 6, "known"), (model.GetProperty("type").GetString(), model.GetProperty("line").GetInt32(), model.GetProperty("status").GetString()));
        Assert.Equal(["Input", "Linear", "ReLU", "Linear"], model.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("kind").GetString()));
        Assert.Equal([(0, 1), (1, 2), (2, 3)], model.GetProperty("edges").EnumerateArray().Select(edge => (edge.GetProperty("from").GetInt32(), edge.GetProperty("to").GetInt32())));

        var weight = model.GetProperty("parameters")[0];
        Assert.Equal(("hidden.weight", "XavierUniform"), (weight.GetProperty("path").GetString(), weight.GetProperty("initializer").GetProperty("kind").GetString()));
        Assert.Equal([8L, 4L], weight.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()));
        Assert.True(weight.GetProperty("low").GetDouble() <= weight.GetProperty("log10GradientRatio").GetDouble());
        Assert.Equal([file], Directory.GetFiles(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public void FolderIsReadAsOneProgram()
    {
        Write("One/Classifier.cs", Model);
        Write("Two/Training.cs", """
            using static TorchSharp.torch.nn;
            public static class Training
            {
                public static object Net() => Sequential(("in", Linear(2, 2)), ("body", Sequential(Tanh(), Linear(2, 1))));
            }
            """);
        Write("Two/obj/Generated.cs", "this is not C#");

        var (exitCode, output, _) = Run(new PredictRequest(_folder) { ShowParameters = true });
        Assert.Equal(0, exitCode);
        Assert.Contains("2 models: 2 known", output);
        Assert.Contains("body.1.weight 1×2", output);
    }

    [Fact]
    public void TypeSelectsOneModel()
    {
        Write("Classifier.cs", Model);
        Write("Other.cs", Model.Replace("Classifier", "Other"));

        Assert.Contains("1 model: 1 known", Run(new PredictRequest(_folder) { Type = "Other" }).Output);
        var (exitCode, _, errors) = Run(new PredictRequest(_folder) { Type = "Missing" });
        Assert.Equal(3, exitCode);
        Assert.Contains("There is no model type 'Missing'", errors);
    }

    [Fact]
    public void UnknownPartsAreSaidWithTheirPlace()
    {
        var source = Model.Replace("Linear head = Linear(8, 2);", "Linear head = Linear(8, int.Parse(System.Console.ReadLine()));");
        var (exitCode, output, _) = Run(Write("Classifier.cs", source));

        Assert.Equal(1, exitCode);
        Assert.Contains("partial", output);
        Assert.Contains("unknown: 'outputSize' of Linear comes from", output);
        Assert.Contains("(Classifier.cs:9)", output);
    }

    [Fact]
    public void CodeThatDoesNotCompileIsReadAsFarAsItGoes()
    {
        var (exitCode, output, errors) = Run(Write("Classifier.cs", Model + "\npublic class Broken : Missing { }"));
        Assert.Equal(1, exitCode);
        Assert.Contains("1 compiler error", errors);
        Assert.Contains("1 known", output);
    }

    [Fact]
    public void WhatIsWrongIsSaidInOneLine()
    {
        AssertFails(2, "does not exist", Path.Combine(_folder, "missing"));
        AssertFails(2, "is neither a project", Write("notes.txt", ""));
        AssertFails(3, "There are no C# files", Directory.CreateDirectory(Path.Combine(_folder, "empty")).FullName);
        AssertFails(3, "There is no TorchSharp model", Write("Empty.cs", "class C { }"));

        var (exitCode, _, errors) = Run(new PredictRequest(Write("Classifier.cs", Model)) { Reference = "missing.dll" });
        Assert.Equal(2, exitCode);
        Assert.Contains("'missing.dll' does not exist", errors);
    }

    [Fact]
    public void FileThatCannotBeReadIsSaidInOneLine()
    {
        Write("Classifier.cs", Model);
        File.CreateSymbolicLink(Path.Combine(_folder, "Gone.cs"), Path.Combine(_folder, "nowhere.cs"));

        AssertFails(2, "Gone.cs", _folder);
    }

    [Fact]
    public void SequentialInAStaticMemberOfAModuleIsAModel()
    {
        var file = Write("Classifier.cs", Model + """

            public class Factory : TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>
            {
                public Factory() : base("factory") { }
                public static object Make() => TorchSharp.torch.nn.Sequential(TorchSharp.torch.nn.Linear(2, 2), TorchSharp.torch.nn.Linear(2, 1));
                public override TorchSharp.torch.Tensor forward(TorchSharp.torch.Tensor x) => x;
            }
            """);

        Assert.Contains("Sequential (Classifier.cs:", Run(file).Output);
    }

    [Fact]
    public void UnwritableJsonLeavesNothingBehind()
    {
        var taken = Directory.CreateDirectory(Path.Combine(_folder, "taken.json")).FullName;
        var (exitCode, _, errors) = Run(new PredictRequest(Write("Classifier.cs", Model)) { Json = taken });
        Assert.Equal(2, exitCode);
        Assert.Contains("cannot be written", errors);
        Assert.Single(Directory.GetFiles(_folder));
    }

    private void AssertFails(int expected, string message, string path)
    {
        var (exitCode, output, errors) = Run(path);
        Assert.Equal(expected, exitCode);
        Assert.Empty(output);
        Assert.Contains(message, Assert.Single(errors.TrimEnd().Split('\n')));
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private static (int ExitCode, string Output, string Errors) Run(string path) => Run(new PredictRequest(path));

    private static (int ExitCode, string Output, string Errors) Run(PredictRequest request, int width = 400)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No });
        (console.Profile.Width, console.Profile.Capabilities.Unicode) = (width, true);
        var exitCode = PredictCommand.Run(request with { Reference = request.Reference ?? typeof(TorchSharp.torch).Assembly.Location }, console, errors, default);
        return (exitCode, output.ToString(), errors.ToString());
    }
}
