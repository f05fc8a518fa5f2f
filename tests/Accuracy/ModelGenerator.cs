using System.Globalization;
using System.Text;

namespace GradLint.Accuracy;

/// <summary>Writes random models of one family in the forms users write them.</summary>
internal sealed partial class ModelGenerator(Random random)
{
    private static readonly (string Layer, string Function)[] Activations =
    [
        ("ReLU()", "functional.relu({0})"), ("LeakyReLU(0.01)", "functional.leaky_relu({0}, 0.01)"), ("Tanh()", "torch.tanh({0})"),
        ("Sigmoid()", "torch.sigmoid({0})"), ("ELU(1.0)", "functional.elu({0}, 1.0)"), ("SELU()", "functional.selu({0})"),
        ("GELU()", "functional.gelu({0})"), ("SiLU()", "functional.silu({0})"), ("Softplus()", "functional.softplus({0})"), ("Mish()", "functional.mish({0})"),
    ];

    public static IReadOnlyDictionary<string, Func<ModelGenerator, string, ModelSource>> Families { get; } = new Dictionary<string, Func<ModelGenerator, string, ModelSource>>
    {
        ["MLP"] = (g, name) => g.Perceptron(name, isNormalized: false),
        ["normalised MLP"] = (g, name) => g.Perceptron(name, isNormalized: true),
        ["residual MLP"] = (g, name) => g.ResidualPerceptron(name),
        ["CNN"] = (g, name) => g.Convolutional(name),
        ["ResNet"] = (g, name) => g.ResidualConvolutional(name),
        ["RNN/LSTM/GRU"] = (g, name) => g.Recurrent(name),
        ["transformer encoder"] = (g, name) => g.Transformer(name),
        ["attention written out"] = (g, name) => g.AttentionWrittenOut(name),
        ["encoder-decoder"] = (g, name) => g.EncoderDecoder(name),
        ["gates and joins"] = (g, name) => g.GatesAndJoins(name),
    };

    private ModelSource Perceptron(string name, bool isNormalized)
    {
        int depth = random.Next(3, 25), width = random.Next(32, 193), inputs = random.Next(8, 129), classes = random.Next(2, 21);
        var (activation, initializer) = (Pick(Activations), Initializer());
        string? norm = !isNormalized ? null : random.Next(2) == 0 ? $"BatchNorm1d({width})" : $"LayerNorm({width})";
        var before = random.Next(2) == 0;
        string[] Block(string from) => [
            $"Linear({from}, {width})",
            .. norm is not null && before ? [norm] : Array.Empty<string>(),
            activation.Layer,
            .. norm is not null && !before ? [norm] : Array.Empty<string>()];

        var body = random.Next(3) switch
        {
            0 => Sequential([.. Enumerable.Range(0, depth).SelectMany(i => Block(i == 0 ? $"{inputs}" : $"{width}")), $"Linear({width}, {classes})"], initializer),
            1 => Fields([.. Enumerable.Range(0, depth).SelectMany(i => Block(i == 0 ? $"{inputs}" : $"{width}")), $"Linear({width}, {classes})"], activation, initializer),
            _ => Loop(depth, Block($"i == 0 ? {inputs} : {width}"), $"Linear({width}, {classes})", initializer),
        };
        return new(name, Type(name, body), $"{depth} x {string.Join(", ", Block($"{width}"))}, {inputs} inputs, {classes} classes, {initializer.Name}", [inputs], classes);
    }

    private ModelSource ResidualPerceptron(string name)
    {
        int blocks = random.Next(2, 13), width = random.Next(32, 193), inputs = random.Next(8, 129), classes = random.Next(2, 21);
        var (activation, initializer) = (Pick(Activations), Initializer());
        var norm = random.Next(4) switch { 0 => $"LayerNorm({width}), ", 1 => $"BatchNorm1d({width}), ", _ => "" };
        var branch = random.Next(3) switch
        {
            0 => $"{norm}Linear({width}, {width}), {activation.Layer}, Linear({width}, {width})",
            1 => $"{norm}Linear({width}, {width}), {activation.Layer}",
            _ => $"{norm}{activation.Layer}, Linear({width}, {width})",
        };
        var (postNorm, post) = random.Next(4) == 0 ? ($"norm = LayerNorm({width});", true) : ("", false);
        var block = $$"""
            public sealed class {{name}}Block : Module<Tensor, Tensor>
            {
                private readonly Sequential branch;
                {{(post ? "private readonly LayerNorm norm;" : "")}}

                public {{name}}Block(string name) : base(name)
                {
                    branch = Sequential({{branch}});
                    {{postNorm}}
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x) => {{(post ? "norm.call(x + branch.call(x))" : "x + branch.call(x)")}};
            }
            """;
        var body = Loop(blocks, [$"new {name}Block($\"block{{i}}\")"], $"Linear({width}, {classes})", initializer, $"Linear({inputs}, {width})");
        return new(name, Type(name, body) + block, $"{blocks} x [{branch}]{(post ? " LayerNorm" : "")}, {inputs} inputs, {classes} classes, {initializer.Name}", [inputs], classes);
    }

    private ModelSource Convolutional(string name)
    {
        int depth = random.Next(3, 13), channels = random.Next(8, 33), inputs = random.Next(1, 4), classes = random.Next(2, 21), size = Pick([8, 12, 16]), kernel = Pick([3, 3, 3, 5]), pools = random.Next(3);
        var (activation, initializer) = (Pick(Activations), Initializer());
        bool isNormalized = random.Next(2) == 0, before = random.Next(3) > 0, isGlobal = random.Next(2) == 0;
        var pool = random.Next(2) == 0 ? "MaxPool2d(2)" : "AvgPool2d(2)";
        var layers = new List<string>();
        var side = size;
        for (var i = 0; i < depth; i++)
        {
            layers.Add($"Conv2d({(i == 0 ? inputs : channels)}, {channels}, {kernel}, padding: {kernel / 2})");
            if (isNormalized && before) layers.Add($"BatchNorm2d({channels})");
            layers.Add(activation.Layer);
            if (isNormalized && !before) layers.Add($"BatchNorm2d({channels})");
            if ((i + 1) * (pools + 1) % (depth + 1) > pools || i + 1 == depth || side < 4) continue;
            layers.Add(pool);
            side /= 2;
        }

        layers.AddRange(isGlobal ? ["AdaptiveAvgPool2d(1)", "Flatten()", $"Linear({channels}, {classes})"] : ["Flatten()", $"Linear({channels * side * side}, {classes})"]);
        var body = random.Next(2) == 0 ? Sequential(layers, initializer) : Fields(layers, activation, initializer);
        return new(name, Type(name, body), $"{size}x{size}, {inputs} channels, {classes} classes, {initializer.Name}: {string.Join(", ", layers)}", [inputs, size, size], classes) { SpatialSize = size };
    }

    private ModelSource ResidualConvolutional(string name)
    {
        int stages = random.Next(1, 4), blocks = random.Next(1, 4), channels = random.Next(8, 25), inputs = random.Next(1, 4), classes = random.Next(2, 21), size = Pick([8, 12, 16]);
        var (activation, initializer) = (Pick(Activations), random.Next(2) == 0 ? Default : Initializer());
        bool isNormalized = random.Next(4) > 0, isPreActivation = random.Next(3) == 0;
        string Norm(string count) => isNormalized ? $"BatchNorm2d({count}), " : "";
        var act = activation.Layer;
        var branch = isPreActivation
            ? $"Sequential({Norm("inputs")}{act}, Conv2d(inputs, outputs, 3, stride: stride, padding: 1), {Norm("outputs")}{act}, Conv2d(outputs, outputs, 3, padding: 1))"
            : $"Sequential(Conv2d(inputs, outputs, 3, stride: stride, padding: 1), {Norm("outputs")}{act}, Conv2d(outputs, outputs, 3, padding: 1){(isNormalized ? ", BatchNorm2d(outputs)" : "")})";
        var sum = "branch.call(x) + (shortcut is null ? x : shortcut.call(x))";
        var block = $$"""
            public sealed class {{name}}Block : Module<Tensor, Tensor>
            {
                private readonly Sequential branch;
                private readonly Module<Tensor, Tensor> shortcut;

                public {{name}}Block(long inputs, long outputs, long stride) : base("block")
                {
                    branch = {{branch}};
                    if (inputs != outputs || stride != 1)
                        shortcut = Conv2d(inputs, outputs, 1, stride: stride);
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x) => {{(isPreActivation ? sum : string.Format(CultureInfo.InvariantCulture, activation.Function, sum))}};
            }
            """;
        List<string> layers = [$"Conv2d({inputs}, {channels}, 3, padding: 1)"];
        if (!isPreActivation) layers.AddRange(isNormalized ? [$"BatchNorm2d({channels})", act] : [act]);
        for (var stage = 0; stage < stages; stage++)
        {
            for (var b = 0; b < blocks; b++)
            {
                var widens = stage > 0 && b == 0;
                layers.Add($"new {name}Block({channels}, {(widens ? 2 * channels : channels)}, {(widens ? 2 : 1)})");
                if (widens) channels *= 2;
            }
        }

        if (isPreActivation) layers.AddRange(isNormalized ? [$"BatchNorm2d({channels})", act] : [act]);
        layers.AddRange(["AdaptiveAvgPool2d(1)", "Flatten()", $"Linear({channels}, {classes})"]);
        return new(
            name, Type(name, Sequential(layers, initializer)) + block,
            $"{stages} stages of {blocks} {(isPreActivation ? "pre-activation " : "")}blocks, up to {channels} channels{(isNormalized ? ", BatchNorm" : "")}, {act}, {size}x{size}x{inputs}, {classes} classes, {initializer.Name}",
            [inputs, size, size], classes) { SpatialSize = size };
    }

    private ModelSource Recurrent(string name)
    {
        int inputs = random.Next(4, 49), hidden = random.Next(16, 129), layers = random.Next(1, 4), steps = random.Next(5, 41), classes = random.Next(2, 21);
        bool isBidirectional = random.Next(4) == 0, embeds = random.Next(4) == 0;
        var read = random.Next(3) switch { 0 => "y.mean(new long[] { 1 })", 1 => "y[.., -1]", _ => "y.select(1, -1)" };
        var (type, construct, result) = random.Next(4) switch
        {
            0 => ("RNN", "", "var (y, _)"),
            1 => ("RNN", ", nonLinearity: NonLinearities.ReLU", "var (y, _)"),
            2 => ("LSTM", "", "var (y, _, _)"),
            _ => ("GRU", "", "var (y, _)"),
        };
        var body = $$"""
                {{(embeds ? "private readonly Embedding embedding;" : "")}}
                private readonly {{type}} recurrent;
                private readonly Linear head;

                public {{name}}() : base("model")
                {
                    {{(embeds ? $"embedding = Embedding(50, {inputs});" : "")}}
                    recurrent = {{type}}({{inputs}}, {{hidden}}, {{layers}}{{construct}}, batchFirst: true{{(isBidirectional ? ", bidirectional: true" : "")}});
                    head = Linear({{hidden * (isBidirectional ? 2 : 1)}}, {{classes}});
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x)
                {
                    {{result}} = recurrent.call({{(embeds ? "embedding.call(x)" : "x")}});
                    return head.call({{read}});
                }
            """;
        return new(
            name, Type(name, body), $"{layers} x {type}({inputs}, {hidden}{construct}){(isBidirectional ? " both ways" : "")}{(embeds ? " on tokens" : "")}, {steps} steps, {read}, {classes} classes",
            embeds ? [steps] : [steps, inputs], classes)
        {
            Vocabulary = embeds ? 50 : null,
            SequenceLength = steps,
            EndsAtLastStep = !embeds && !isBidirectional && !read.Contains("mean"),
        };
    }

    private ModelSource Transformer(string name)
    {
        int heads = 1 << random.Next(3), width = heads * random.Next(8, 25), inner = random.Next(32, 193), layers = random.Next(1, 9), steps = random.Next(4, 33), classes = random.Next(2, 21);
        bool embeds = random.Next(2) == 0, closes = random.Next(2) == 0, isGELU = random.Next(2) == 0;
        var style = Pick(["native", "pre-norm", "post-norm"]);
        var activation = isGELU ? "GELU" : "ReLU";
        var dropout = random.Next(2) == 0 ? "0.0" : "0.1";
        var read = random.Next(2) == 0 ? "x.mean(new long[] { 0 })" : "x[0]";
        var block = style == "native" ? "" : $$"""
            public sealed class {{name}}Block : Module<Tensor, Tensor>
            {
                private readonly MultiheadAttention attention;
                private readonly LayerNorm norm1, norm2;
                private readonly Sequential feedForward;

                public {{name}}Block() : base("block")
                {
                    attention = MultiheadAttention({{width}}, {{heads}});
                    norm1 = LayerNorm({{width}});
                    norm2 = LayerNorm({{width}});
                    feedForward = Sequential(Linear({{width}}, {{inner}}), {{activation}}(), Linear({{inner}}, {{width}}));
                    RegisterComponents();
                }

                private Tensor Attend(Tensor x) => attention.call(x, x, x).Item1;

                public override Tensor forward(Tensor x)
                {
                    {{(style == "pre-norm" ? "x = x + Attend(norm1.call(x));" : "x = norm1.call(x + Attend(x));")}}
                    return {{(style == "pre-norm" ? "x + feedForward.call(norm2.call(x))" : "norm2.call(x + feedForward.call(x))")}};
                }
            }
            """;
        var (type, construct) = style == "native"
            ? ("TransformerEncoder", $"TransformerEncoder(TransformerEncoderLayer({width}, {heads}, {inner}, {dropout}, Activations.{activation}), {layers})")
            : ("Sequential", $"Sequential({string.Join(", ", Enumerable.Repeat($"new {name}Block()", layers))}{(closes ? $", LayerNorm({width})" : "")})");
        var body = $$"""
                private readonly {{(embeds ? "Embedding" : "Linear")}} first;
                private readonly {{type}} encoder;
                private readonly Linear head;

                public {{name}}() : base("model")
                {
                    first = {{(embeds ? $"Embedding(50, {width})" : $"Linear({width}, {width})")}};
                    encoder = {{construct}};
                    head = Linear({{width}}, {{classes}});
                    RegisterComponents();
                }

                public override Tensor forward(Tensor input)
                {
                    var x = encoder.call(first.call(input){{(style == "native" ? ", null, null" : "")}});
                    return head.call({{read}});
                }
            """;
        return new(
            name, Type(name, body) + block,
            $"{layers} {style} layers, width {width}, {heads} heads, {inner} inner {activation}{(style == "native" ? $", dropout {dropout}" : closes ? ", closing norm" : "")}, {steps} {(embeds ? "tokens" : "vectors")}, {read}, {classes} classes",
            embeds ? [steps] : [steps, width], classes)
        {
            Vocabulary = embeds ? 50 : null,
            IsTimeFirst = true,
            SequenceLength = steps,
        };
    }

    // The forms.

    private static string Sequential(IReadOnlyList<string> layers, WeightInitializer initializer) => $$"""
            private readonly Sequential net;

            public NAME() : base("model")
            {
                net = Sequential(
                    {{string.Join(",\n            ", layers.Select((layer, i) => $"(\"layer{i}\", {Cast(layer)})"))}});
                RegisterComponents();
                {{initializer.Loop}}
            }

            public override Tensor forward(Tensor x) => net.call(x);
        """;

    /// <summary>A field a layer; activations by function or module.</summary>
    private string Fields(IReadOnlyList<string> layers, (string Layer, string Function) activation, WeightInitializer initializer)
    {
        var byFunction = random.Next(2) == 0;
        StringBuilder fields = new(), constructor = new(), forward = new();
        for (var i = 0; i < layers.Count; i++)
        {
            if (byFunction && layers[i] == activation.Layer)
            {
                forward.Append("        x = ").AppendFormat(CultureInfo.InvariantCulture, activation.Function, "x").AppendLine(";");
                continue;
            }

            fields.AppendLine($"    private readonly {layers[i][..layers[i].IndexOf('(')]} layer{i};");
            constructor.AppendLine($"        layer{i} = {layers[i]};");
            forward.AppendLine($"        x = layer{i}.call(x);");
        }

        return $$"""
            {{fields}}
                public NAME() : base("model")
                {
            {{constructor}}
                    RegisterComponents();
                    {{initializer.Loop}}
                }

                public override Tensor forward(Tensor x)
                {
            {{forward}}
                    return x;
                }
            """;
    }

    /// <summary>Layers added in a loop to a list that Sequential takes.</summary>
    private static string Loop(int count, IReadOnlyList<string> block, string head, WeightInitializer initializer, string? first = null) => $$"""
            private readonly Sequential net;

            public NAME() : base("model")
            {
                var layers = new List<(string, Module<Tensor, Tensor>)>();
                {{(first is null ? "" : $"layers.Add((\"first\", {first}));")}}
                for (var i = 0; i < {{count}}; i++)
                {
                    {{string.Join("\n            ", block.Select((layer, k) => $"layers.Add(($\"layer{{i}}_{k}\", {layer}));"))}}
                }
                layers.Add(("head", {{head}}));
                net = Sequential(layers);
                RegisterComponents();
                {{initializer.Loop}}
            }

            public override Tensor forward(Tensor x) => net.call(x);
        """;

    private static string Cast(string layer) => $"(Module<Tensor, Tensor>){layer}";

    private static string Type(string name, string body) => $$"""
        public sealed class {{name}} : Module<Tensor, Tensor>
        {
        {{body.Replace("NAME", name)}}
        }

        """;

    // What is drawn.

    private static WeightInitializer Default { get; } = new("default initialization", null);

    private WeightInitializer Initializer()
    {
        var scale = Math.Exp(Math.Log(0.01) + (random.NextDouble() * (Math.Log(0.25) - Math.Log(0.01)))).ToString("0.0000", CultureInfo.InvariantCulture);
        return random.Next(8) switch
        {
            0 => Default,
            1 => Of("init.xavier_uniform_({0})"),
            2 => Of("init.xavier_normal_({0})"),
            3 => Of("init.kaiming_uniform_({0})"),
            4 => Of("init.kaiming_normal_({0})"),
            5 => Of($"init.orthogonal_({{0}}, {(random.Next(2) == 0 ? "1.0" : "1.4142")})"),
            6 => Of($"init.normal_({{0}}, 0, {scale})"),
            _ => Of($"init.uniform_({{0}}, -{scale}, {scale})"),
        };

        static WeightInitializer Of(string call) => new(call.Replace("({0}", "(").Replace("(, ", "("), call);
    }

    private T Pick<T>(IReadOnlyList<T> values) => values[random.Next(values.Count)];

    /// <param name="Name">For a person.</param>
    /// <param name="Call">The call, with {0} for the weight; null for TorchSharp's own defaults.</param>
    private sealed record WeightInitializer(string Name, string? Call)
    {
        public string Loop => Call is null ? "" : $$"""
            foreach (var module in modules())
                    {
                        if (module is Linear linear) {{string.Format(CultureInfo.InvariantCulture, Call, "linear.weight")}};
                        if (module is Conv2d conv) {{string.Format(CultureInfo.InvariantCulture, Call, "conv.weight")}};
                    }
            """;
    }
}
