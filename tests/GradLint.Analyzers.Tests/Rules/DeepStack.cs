namespace GradLint.Analyzers.Tests.Rules;

/// <summary>A deep plain network in the forms people write it. Markup goes into the parts.</summary>
/// <param name="Depth">Layers before the head.</param>
/// <param name="Layer">Constructs one of them.</param>
/// <param name="Activation">Constructs what follows it.</param>
internal sealed record DeepStack(int Depth, string Layer, string Activation)
{
    public string Head { get; init; } = "Linear(64, 10)";

    /// <summary>Draws <c>parameter</c>, a matrix other than the head's; empty for the default.</summary>
    public string Initializer { get; init; } = "";

    /// <summary>Marks the place of a finding at the model as a whole; empty for none.</summary>
    public string RootMarkup { get; init; } = "";

    /// <summary>Layers collected in a list.</summary>
    public string AsList => $$"""
        var layers = new List<(string, Module<Tensor, Tensor>)>();
        for (var i = 0; i < {{Depth}}; i++)
        {
            layers.Add(($"fc{i}", {{Layer}}));
            layers.Add(($"act{i}", {{Activation}}));
        }

        layers.Add(("head", {{Head}}));
        var net = Sequential(layers);
        {{(Initializer.Length == 0 ? "" : $$"""
        foreach (var (name, parameter) in net.named_parameters())
        {
            if (parameter.dim() > 1 && name != "head.weight")
                {{Initializer}};
        }
        """)}}
        """;

    /// <summary>A module type with its layers in a ModuleList, drawn in a method of its own.</summary>
    public string AsType => $$"""
        class Net : Module<Tensor, Tensor>
        {
            private readonly ModuleList<Module<Tensor, Tensor>> layers = new();
            private readonly Linear head = {{Head}};

            public Net() : base("Net")
            {
                for (var i = 0; i < {{Depth}}; i++)
                {
                    layers.Add({{Layer}});
                    layers.Add({{Activation}});
                }

                RegisterComponents();
                Draw();
            }

            private void Draw()
            {
                {{(Initializer.Length == 0 ? "" : $$"""
                foreach (var (_, parameter) in layers.named_parameters())
                {
                    if (parameter.dim() > 1)
                        {{Initializer}};
                }
                """)}}
            }

            public override Tensor forward(Tensor x)
            {
                foreach (var layer in layers)
                    x = layer.call(x);
                return head.call(x);
            }
        }
        """;

    /// <summary>Layers of a static method, in the same file.</summary>
    public string AsFactory => $$"""
        static class Factory
        {
            private static IEnumerable<Module<Tensor, Tensor>> Layers(int count)
            {
                for (var i = 0; i < count; i++)
                {
                    yield return {{Layer}};
                    yield return {{Activation}};
                }

                yield return {{Head}};
            }

            public static Sequential Build() => {{(RootMarkup.Length == 0 ? "" : "{|" + RootMarkup + ":")}}Sequential(Layers({{Depth}})){{(RootMarkup.Length == 0 ? "" : "|}")}};
        }
        """;
}
