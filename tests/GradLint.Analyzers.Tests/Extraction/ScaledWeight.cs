using GradLint.Core.Model;

namespace GradLint.Analyzers.Tests.Extraction;

/// <summary>A model of two layers with statements in its constructor, and the scale that they initialise the first one's weight with.</summary>
internal static class ScaledWeight
{
    /// <summary>What every program of these tests makes of the value when it runs.</summary>
    public const double Scale = 0.17;

    public static void AssertRead(string statements, string value = "std", string members = "", string types = "") =>
        Assert.Equal(Scale, ReadIn(statements, value, members, types)!.Value, 1e-12);

    /// <summary>It is read as what it is or not at all.</summary>
    public static void AssertNeverRead(string statements, string value = "std", string members = "", string types = "")
    {
        if (ReadIn(statements, value, members, types) is { } read)
            Assert.Equal(Scale, read, 1e-12);
    }

    public static ModelGraph Extract(string statements, string members = "", string types = "")
    {
        var program = ModelProgram.Of($$"""
            using System.Threading.Tasks;
            public class Model : nn.Module<Tensor, Tensor>
            {
                private readonly Linear fc = Linear(4, 4), head = Linear(4, 2);
                {{members}}
                public Model() : base("m")
                {
                    RegisterComponents();
                    {{statements}}
                }
                public override Tensor forward(Tensor x) => head.call(functional.relu(fc.call(x)));
            }
            {{types}}
            """);
        program.AssertCompiles();
        return program.Extract();
    }

    private static double? ReadIn(string statements, string value, string members, string types)
    {
        var weight = Extract($"{statements} init.normal_(fc.weight, 0, {value});", members, types).Parameters[0].Initialization;
        Assert.Equal(InitializerKind.Normal, weight.Kind);
        return weight.Arguments.Number("std");
    }
}
