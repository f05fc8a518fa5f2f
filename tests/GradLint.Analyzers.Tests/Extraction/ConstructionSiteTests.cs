using GradLint.Core.Model;

namespace GradLint.Analyzers.Tests.Extraction;

/// <summary>What a model is constructed with, and what is done to its weights, stands where the program makes it.</summary>
public class ConstructionSiteTests
{
    private const string Model = """
        public class Model : nn.Module<Tensor, Tensor>
        {
            private readonly ModuleList<Linear> layers = new();
            public Model(int width, int depth) : base("m")
            {
                for (var i = 0; i < depth; i++)
                    layers.Add(Linear(width, width));
                RegisterComponents();
            }
            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    x = layer.call(x).sigmoid();
                return x;
            }
        }

        """;

    [Fact]
    public void ArgumentsComeFromTheProgram()
    {
        var graph = Extract("const int Width = 6; var depth = 3; var model = new Model(Width, depth);");
        Assert.Equal(GraphStatus.Known, graph.Status);
        Assert.Equal(["layers.0.weight[6,6]", "layers.0.bias[6]", "layers.1.weight[6,6]", "layers.1.bias[6]", "layers.2.weight[6,6]", "layers.2.bias[6]"], graph.Parameters());
    }

    [Fact]
    public void ImplicitCreationCounts() => Assert.Equal(GraphStatus.Known, Extract("Model model = new(4, 2);").Status);

    [Fact]
    public void WeightsInitialisedByTheProgram() => Assert.Equal(
        InitializerKind.XavierNormal,
        Extract("var model = new Model(4, 2); foreach (var p in model.parameters()) if (p.shape.Length > 1) init.xavier_normal_(p);").Parameters[0].Initialization.Kind);

    [Theory]
    [InlineData("var model = new Model(4, 2); model.load(\"model.dat\");")]
    [InlineData("var model = new Model(4, 2); if (System.IO.File.Exists(\"model.dat\")) model.load(\"model.dat\");")]
    [InlineData("var model = (Model)new Model(4, 2).to(CPU).load(\"model.dat\");")]
    public void WeightsLoadedByTheProgram(string statements) =>
        Assert.Equal(InitializerKind.Unknown, Extract(statements).Parameters[0].Initialization.Kind);

    [Fact]
    public void WhatHappensAfterTrainingBeganDoesNotCount() => Assert.Equal(
        InitializerKind.DefaultFanIn,
        Extract("""
            var model = new Model(4, 2);
            for (var epoch = 0; epoch < 1000; epoch++)
                model.call(randn(2, 4)).sum().backward();
            model.load("best.dat");
            """).Parameters[0].Initialization.Kind);

    [Fact]
    public void SameArgumentsTwiceAreOneModel() =>
        Assert.Equal(GraphStatus.Known, Extract("var a = new Model(4, 2); var b = new Model(4, 2);").Status);

    [Fact]
    public void DifferentArgumentsLeaveThemUnknown()
    {
        var graph = Extract("var a = new Model(4, 2); var b = new Model(4, 3);");
        Assert.Equal(GraphStatus.Partial, graph.Status);
        Assert.Null(Assert.Single(graph.Repeats).Count);
    }

    [Fact]
    public void ArgumentsOfTheCommandLineLeaveThemUnknown() =>
        Assert.Equal(GraphStatus.Partial, Extract("var model = new Model(4, int.Parse(args[0]));").Status);

    [Fact]
    public void FieldsOfTheProgramAreInitialised()
    {
        var graph = ModelProgram.Of(Model, """
            public class Trainer
            {
                private readonly int width = 5;
                private readonly Options options = new() { Depth = 2 };
                private Model model;
                public void Run() => model = new Model(width, options.Depth);
            }
            public class Options { public int Depth { get; set; } = 1; }
            """).Extract();
        Assert.Equal(4, graph.Parameters.Count);
    }

    [Fact]
    public void PartsOfOtherModelsAreNoSites()
    {
        var graph = ModelProgram.Of(Model, """
            public class Outer : nn.Module<Tensor, Tensor>
            {
                private readonly Model inner = new(4, 2);
                public Outer() : base("outer") => RegisterComponents();
                public override Tensor forward(Tensor x) => inner.call(x);
            }
            """).Extract();
        Assert.Equal(GraphStatus.Partial, graph.Status);
    }

    [Theory]
    [InlineData("foreach (var p in parameters()) if (p.shape.Length > 1) init.xavier_normal_(p);", "", InitializerKind.XavierNormal)]
    [InlineData("", "model.load(\"model.dat\");", InitializerKind.Unknown)]
    [InlineData("", "", InitializerKind.DefaultFanIn)]
    public void PartsHaveTheWeightsThatTheWholeLeavesThemWith(string inTheWhole, string inTheProgram, InitializerKind expected)
    {
        var graph = ModelProgram.Of(Model, $$"""
            public class Outer : nn.Module<Tensor, Tensor>
            {
                private readonly Middle middle = new();
                public Outer() : base("outer")
                {
                    RegisterComponents();
                    {{inTheWhole}}
                }
                public override Tensor forward(Tensor x) => middle.call(x);
            }
            public class Middle : nn.Module<Tensor, Tensor>
            {
                private readonly Model inner = new(4, 2);
                public Middle() : base("middle") => RegisterComponents();
                public override Tensor forward(Tensor x) => inner.call(x);
            }
            public static class Program
            {
                public static void Main()
                {
                    var model = new Outer();
                    {{inTheProgram}}
                }
            }
            """).Extract();
        Assert.Equal(expected, graph.Parameters[0].Initialization.Kind);
    }

    [Fact]
    public void DefaultsThatAnotherModelOverridesAreUnknown()
    {
        var graph = ModelProgram.Of(Model.Replace("int width, int depth", "int width = 4, int depth = 12"), """
            public class Outer : nn.Module<Tensor, Tensor>
            {
                private readonly Model inner = new(depth: 2);
                public Outer() : base("outer") => RegisterComponents();
                public override Tensor forward(Tensor x) => inner.call(x);
            }
            """).Extract();
        Assert.Null(Assert.Single(graph.Repeats).Count);
        Assert.Equal(["layers.*.weight[4,4]", "layers.*.bias[4]"], graph.Parameters());
    }

    [Fact]
    public void StaticFactoryOfTheModelIsASite()
    {
        var graph = ModelProgram.Of(Model.Replace("public override", "public static Model Small() => new(3, 2); public override")).Extract();
        Assert.Equal(["layers.0.weight[3,3]", "layers.0.bias[3]", "layers.1.weight[3,3]", "layers.1.bias[3]"], graph.Parameters());
    }

    [Fact]
    public void OneOfSeveralModelsChosenByName()
    {
        var graph = Extract("""
            nn.Module<Tensor, Tensor> model = null;
            switch (args[0])
            {
                case "small":
                    model = new Model(3, 2);
                    break;
                case "other":
                    model = Sequential(Linear(int.Parse(args[1]), 2));
                    break;
            }
            """);
        Assert.Equal(GraphStatus.Known, graph.Status);
        Assert.Equal(4, graph.Parameters.Count);
    }

    [Fact]
    public void StaticSettingThatNothingAssignsKeepsItsValue()
    {
        var graph = ModelProgram.Of(Model, """
            public static class Program
            {
                public static int Width = 3;
                private static int Depth { get; set; } = 2;
                public static void Main() => new Model(Width, Depth);
            }
            """).Extract();
        Assert.Equal(4, graph.Parameters.Count);
        Assert.Equal(GraphStatus.Known, graph.Status);
    }

    [Fact]
    public void StaticSettingThatIsAssignedIsUnknown() => Assert.Equal(GraphStatus.Partial, ModelProgram.Of(Model, """
        public static class Program
        {
            public static int Width = 3;
            public static void Main(string[] args)
            {
                Width = args.Length;
                new Model(Width, 2);
            }
            public static void Other() => new Model(Width, 2);
        }
        """).Extract().Status);

    [Fact]
    public void ParametersOfAFactoryComeFromItsCaller()
    {
        var graph = ExtractWith("static Model Build(int depth, int width = 4) => new Model(width, depth);", "var model = Build(2);");
        Assert.Equal(GraphStatus.Known, graph.Status);
        Assert.Equal(["layers.0.weight[4,4]", "layers.0.bias[4]", "layers.1.weight[4,4]", "layers.1.bias[4]"], graph.Parameters());
    }

    [Fact]
    public void FactoriesAreFollowedUpwards()
    {
        var graph = ExtractWith(
            """
            static Model Build(int width, int depth) => new Model(width, depth);
            static void Train(int width) { var model = Build(width, 3); }
            """,
            "Train(5);");
        Assert.Equal(GraphStatus.Known, graph.Status);
        Assert.Equal(6, graph.Parameters.Count);
    }

    [Fact]
    public void CallerOfAFactoryInitialisesTheWeights() => Assert.Equal(
        InitializerKind.XavierNormal,
        ExtractWith(
            "static Model Build() { return new Model(4, 2); }",
            "var model = Build(); foreach (var p in model.parameters()) if (p.shape.Length > 1) init.xavier_normal_(p);").Parameters[0].Initialization.Kind);

    [Fact]
    public void CallersThatDifferLeaveTheParametersUnknown() => Assert.Equal(
        GraphStatus.Partial,
        ExtractWith("static Model Build(int depth = 2) => new Model(4, depth);", "Build(2); Build(3);").Status);

    [Fact]
    public void FactoryThatNothingCallsTakesItsDefaults()
    {
        var graph = ExtractWith("public static Model Build(int depth = 2) => new Model(4, depth);", "");
        Assert.Equal(GraphStatus.Known, graph.Status);
        Assert.Equal(4, graph.Parameters.Count);
    }

    [Fact]
    public void FactoryThatCallsItselfIsReadFromOutside()
    {
        var graph = ExtractWith("static Model Build(int depth) => depth > 9 ? Build(9) : new Model(4, depth);", "var model = Build(2);");
        Assert.Equal(GraphStatus.Known, graph.Status);
        Assert.Equal(4, graph.Parameters.Count);
    }

    [Fact]
    public void SameCallTwiceIsOneWay() =>
        Assert.Equal(GraphStatus.Known, ExtractWith("static Model Build(int depth) => new Model(4, depth);", "var policy = Build(2); var target = Build(2);").Status);

    [Fact]
    public void FactoryBehindCodeThatCannotBeFollowedIsReadOnItsOwn()
    {
        var graph = ExtractWith(
            "static Model Build(int width) => new Model(width, 2);",
            "foreach (var file in System.IO.Directory.GetFiles(args[0])) if (file.EndsWith(\".cfg\")) Build(file.Length);");
        Assert.Equal(GraphStatus.Partial, graph.Status);
        Assert.Equal(["layers.0.weight[?,?]", "layers.0.bias[?]", "layers.1.weight[?,?]", "layers.1.bias[?]"], graph.Parameters());
    }

    private static ModelGraph Extract(string statements) => ExtractWith("", statements);

    private static ModelGraph ExtractWith(string members, string statements)
    {
        var program = ModelProgram.Of(Model, $$"""
            public static class Program
            {
                {{members}}
                public static void Main(string[] args)
                {
                    {{statements}}
                }
            }
            """);
        program.AssertCompiles();
        return program.Extract();
    }
}
