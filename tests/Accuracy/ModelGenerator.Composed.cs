using System.Globalization;

namespace GradLint.Accuracy;

/// <summary>Models put together from operations rather than layers.</summary>
internal sealed partial class ModelGenerator
{
    /// <summary>Transformer blocks with softmax(q·kᵀ/√d)·v in their own code, and positional codes added to tokens.</summary>
    private ModelSource AttentionWrittenOut(string name)
    {
        int heads = 1 << random.Next(3), width = heads * random.Next(8, 25), inner = random.Next(32, 193), layers = random.Next(1, 7), steps = random.Next(4, 33), classes = random.Next(2, 21);
        var (isPacked, isFunction, isCausal) = (random.Next(2) == 0, random.Next(3) == 0, random.Next(3) == 0);
        var isPreNorm = random.Next(4) > 0;
        var scale = random.Next(3) switch { 0 => $"* (1.0 / Math.Sqrt({width / heads}))", 1 => $"/ Math.Sqrt({width / heads})", _ => $"* {(1 / Math.Sqrt(width / heads)).ToString("0.0000", CultureInfo.InvariantCulture)}" };
        string Split(string source) => $"{source}.view(x.shape[0], x.shape[1], {heads}, {width / heads}).transpose(1, 2)";
        var project = isPacked
            ? $"var parts = qkv.call(x).chunk(3, -1); var q = {Split("parts[0]")}; var k = {Split("parts[1]")}; var v = {Split("parts[2]")};"
            : $"var q = {Split("toQuery.call(x)")}; var k = {Split("toKey.call(x)")}; var v = {Split("toValue.call(x)")};";
        var attend = isFunction
            ? $"var y = functional.scaled_dot_product_attention(q, k, v{(isCausal ? ", is_casual: true" : "")});"
            : $"var scores = q.matmul(k.transpose(-2, -1)) {scale};"
                + (isCausal ? "scores = scores.masked_fill(torch.tril(torch.ones(x.shape[1], x.shape[1])) == 0, double.NegativeInfinity);" : "")
                + "var y = torch.matmul(functional.softmax(scores, -1), v);";
        var positions = random.Next(3);
        var body = $$"""
                private readonly Embedding tokens, places;
                private readonly Parameter codes;
                private readonly ModuleList<{{name}}Block> blocks = new();
                private readonly LayerNorm norm;
                private readonly Linear head;

                public {{name}}() : base("model")
                {
                    tokens = Embedding(50, {{width}});
                    {{(positions == 1 ? $"places = Embedding({steps}, {width});" : positions == 2 ? $"codes = Parameter(torch.randn(1, {steps}, {width}) * 0.5);" : "")}}
                    for (var i = 0; i < {{layers}}; i++)
                        blocks.Add(new {{name}}Block());
                    norm = LayerNorm({{width}});
                    head = Linear({{width}}, {{classes}});
                    RegisterComponents();
                }

                public override Tensor forward(Tensor ids)
                {
                    var x = tokens.call(ids){{(positions == 1 ? " + places.call(torch.arange(0, ids.shape[1], dtype: ScalarType.Int64))" : positions == 2 ? " + codes" : "")}};
                    foreach (var block in blocks)
                        x = block.call(x);
                    return head.call(norm.call(x).mean(new long[] { 1 }));
                }
            """;
        var block = $$"""
            public sealed class {{name}}Attention : Module<Tensor, Tensor>
            {
                private readonly Linear {{(isPacked ? "qkv" : "toQuery, toKey, toValue")}}, project;

                public {{name}}Attention() : base("attention")
                {
                    {{(isPacked ? $"qkv = Linear({width}, {3 * width});" : $"toQuery = Linear({width}, {width}); toKey = Linear({width}, {width}); toValue = Linear({width}, {width});")}}
                    project = Linear({{width}}, {{width}});
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x)
                {
                    {{project}}
                    {{attend}}
                    return project.call(y.transpose(1, 2).contiguous().view(x.shape[0], x.shape[1], {{width}}));
                }
            }

            public sealed class {{name}}Block : Module<Tensor, Tensor>
            {
                private readonly {{name}}Attention attention = new();
                private readonly LayerNorm norm1 = LayerNorm({{width}}), norm2 = LayerNorm({{width}});
                private readonly Sequential feedForward = Sequential(Linear({{width}}, {{inner}}), GELU(), Linear({{inner}}, {{width}}));

                public {{name}}Block() : base("block") => RegisterComponents();

                public override Tensor forward(Tensor x)
                {
                    {{(isPreNorm ? "x = x + attention.call(norm1.call(x));" : "x = norm1.call(x + attention.call(x));")}}
                    return {{(isPreNorm ? "x + feedForward.call(norm2.call(x))" : "norm2.call(x + feedForward.call(x))")}};
                }
            }
            """;
        return new(
            name, Type(name, body) + block,
            $"{layers} {(isPreNorm ? "pre" : "post")}-norm blocks, {width} wide, {heads} heads, {(isPacked ? "packed" : "separate")} projections, {(isFunction ? "scaled_dot_product_attention" : "softmax " + scale)}{(isCausal ? ", causal" : "")}, positions {positions}, {steps} tokens, {classes} classes",
            [steps], classes)
        {
            Vocabulary = 50,
            SequenceLength = steps,
        };
    }

    /// <summary>Convolutions down and up again, by transposed convolution, upsampling or pixel shuffle; or a transformer's decoder.</summary>
    private ModelSource EncoderDecoder(string name) => random.Next(3) == 0 ? TransformerDecoder(name) : Autoencoder(name);

    private ModelSource Autoencoder(string name)
    {
        int levels = random.Next(1, 4), channels = 8 * random.Next(1, 4), inputs = random.Next(1, 4), size = 8 * random.Next(2, 4), classes = random.Next(2, 11);
        var (norm, skips) = (random.Next(2) == 0, random.Next(2) == 0);
        var act = Pick(new[] { "ReLU()", "LeakyReLU(0.2)", "GELU()" });
        string Conv(long from, long to) => $"Sequential(Conv2d({from}, {to}, 3, padding: 1), {(norm ? $"BatchNorm2d({to}), " : "")}{act})";
        var up = random.Next(4);
        string Up(long from, long to) => up switch
        {
            0 => $"ConvTranspose2d({from}, {to}, 2, stride: 2)",
            1 => $"Sequential(Upsample(scale_factor: new double[] {{ 2, 2 }}), Conv2d({from}, {to}, 3, padding: 1))",
            2 => $"Sequential(Upsample(scale_factor: new double[] {{ 2, 2 }}, mode: UpsampleMode.Bilinear), Conv2d({from}, {to}, 3, padding: 1))",
            _ => $"Sequential(Conv2d({from}, {4 * to}, 3, padding: 1), PixelShuffle(2))",
        };
        var (fields, steps) = (new List<string>(), new List<string>());
        for (var level = 0; level <= levels; level++)
        {
            var (from, to) = (level == 0 ? inputs : channels << (level - 1), channels << level);
            fields.Add($"private readonly Sequential down{level} = {Conv(from, to)};");
            steps.Add($"var d{level} = down{level}.call({(level == 0 ? "x" : $"pool.call(d{level - 1})")});");
        }

        steps.Add($"var u{levels} = d{levels};");
        for (var level = levels - 1; level >= 0; level--)
        {
            var width = channels << level;
            var upType = up == 0 ? "ConvTranspose2d" : "Sequential";
            fields.Add($"private readonly {upType} raise{level} = {Up(2 * width, width)};");
            fields.Add($"private readonly Sequential up{level} = {Conv(skips ? 2 * width : width, width)};");
            steps.Add($"var u{level} = up{level}.call({(skips ? $"torch.cat(new[] {{ d{level}, raise{level}.call(u{level + 1}) }}, 1)" : $"raise{level}.call(u{level + 1})")});");
        }

        var body = $$"""
                {{string.Join("\n    ", fields)}}
                private readonly MaxPool2d pool = MaxPool2d(2);
                private readonly Linear head = Linear({{channels}}, {{classes}});

                public {{name}}() : base("model") => RegisterComponents();

                public override Tensor forward(Tensor x)
                {
                    {{string.Join("\n        ", steps)}}
                    return head.call(u0.mean(new long[] { 2, 3 }));
                }
            """;
        return new(
            name, Type(name, body), $"{levels} levels, {channels} channels, {act}{(norm ? ", BatchNorm" : "")}{(skips ? ", skips" : "")}, {Up(4, 2)}, {size}x{size}x{inputs}, {classes} classes",
            [inputs, size, size], classes) { SpatialSize = size };
    }

    private ModelSource TransformerDecoder(string name)
    {
        int heads = 1 << random.Next(3), width = heads * random.Next(8, 25), inner = random.Next(32, 193), layers = random.Next(1, 5), steps = random.Next(4, 25), classes = random.Next(2, 21);
        var isWhole = random.Next(2) == 0;
        var (type, construct, call) = isWhole
            ? ("Transformer", $"Transformer({width}, {heads}, {layers}, {layers}, {inner}, 0.0)", "core.call(source.call(ids), target.call(ids))")
            : ("TransformerDecoder", $"TransformerDecoder(TransformerDecoderLayer({width}, {heads}, {inner}, 0.0), {layers})", "core.call(target.call(ids), source.call(ids), null, null, null, null)");
        var body = $$"""
                private readonly Embedding source = Embedding(50, {{width}}), target = Embedding(50, {{width}});
                private readonly {{type}} core = {{construct}};
                private readonly Linear head = Linear({{width}}, {{classes}});

                public {{name}}() : base("model") => RegisterComponents();

                public override Tensor forward(Tensor ids) => head.call({{call}}.mean(new long[] { 0 }));
            """;
        return new(name, Type(name, body), $"{type}, {layers} layers, width {width}, {heads} heads, {inner} inner, {steps} tokens, {classes} classes", [steps], classes)
        {
            Vocabulary = 50,
            IsTimeFirst = true,
            SequenceLength = steps,
        };
    }

    /// <summary>Gates, products, halves and means of features, maxima over time, noise: what public models are joined with.</summary>
    private ModelSource GatesAndJoins(string name)
    {
        int width = random.Next(16, 97), inputs = random.Next(8, 65), classes = random.Next(2, 21), depth = random.Next(1, 6);
        var (description, fields, forward, shape, steps) = random.Next(8) switch
        {
            0 => ("highway", Layers($"Linear({width}, {width})", "gate", "hidden"), Chain("var g{0} = gate{0}.call(x).sigmoid(); x = g{0} * hidden{0}.call(x).relu() + (1 - g{0}) * x;"), new long[] { inputs }, 0),
            1 => ("SwiGLU", Layers($"Linear({width}, {2 * width})", "up", "gate") + Layers($"Linear({2 * width}, {width})", "down"), Chain("x = x + down{0}.call(functional.silu(gate{0}.call(x)) * up{0}.call(x));"), [inputs], 0),
            2 => ("GLU", Layers($"Linear({width}, {2 * width})", "both"), Chain("x = functional.glu(both{0}.call(x), -1);"), [inputs], 0),
            3 => ("RMS norm", Layers($"Linear({width}, {width})", "hidden"), Chain("x = functional.relu(hidden{0}.call(x * torch.rsqrt(x.pow(2).mean(new long[] { -1 }, keepdim: true) + 1e-6)));"), [inputs], 0),
            4 => ("dueling", Layers($"Linear({width}, {width})", "hidden"), Chain("x = hidden{0}.call(x).relu();") + "var own = x - x.mean(new long[] { 1 }, keepdim: true); x = own + x;", [inputs], 0),
            5 => ("bilinear", Layers($"Linear({width}, {width})", "left", "right") + Layers($"Bilinear({width}, {width}, {width})", "join"), Chain("x = join{0}.call(left{0}.call(x).tanh(), right{0}.call(x).tanh());"), [inputs], 0),
            6 => ("noise", Layers($"Linear({width}, {width})", "mean", "spread"), Chain("var m{0} = mean{0}.call(x); x = (m{0} + torch.randn_like(m{0}) * (spread{0}.call(x) * 0.5).exp()).relu();"), [inputs], 0),
            _ => ("maximum over time", Layers($"Conv1d({width}, {width}, 3)", "conv"), "var parts = new List<Tensor>();" + Chain("parts.Add(conv{0}.call(x).relu().max(2).values);") + $"x = torch.cat(parts, 1);", [24], 24),
        };
        var isText = steps > 0;
        var body = $$"""
                {{(isText ? $"private readonly Embedding first = Embedding(50, {width});" : $"private readonly Linear first = Linear({inputs}, {width});")}}
                {{fields}}
                private readonly Linear head = Linear({{(isText ? depth * width : width)}}, {{classes}});

                public {{name}}() : base("model") => RegisterComponents();

                public override Tensor forward(Tensor input)
                {
                    var x = first.call(input){{(isText ? ".transpose(1, 2)" : "")}};
                    {{forward}}
                    return head.call(x);
                }
            """;
        return new(name, Type(name, body), $"{depth} x {description}, {width} wide, {inputs} inputs, {classes} classes", shape, classes)
        {
            Vocabulary = isText ? 50 : null,
            SequenceLength = isText ? steps : null,
        };

        string Layers(string layer, params string[] names) => string.Join(
            "\n    ", names.Select(field => $"private readonly {layer[..layer.IndexOf('(')]} {string.Join(", ", Enumerable.Range(0, depth).Select(i => $"{field}{i} = {layer}"))};")) + "\n    ";

        string Chain(string step) => string.Concat(Enumerable.Range(0, depth).Select(i => step.Replace("{0}", i.ToString(CultureInfo.InvariantCulture)) + "\n        "));
    }
}
