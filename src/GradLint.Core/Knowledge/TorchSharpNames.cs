namespace GradLint.Core.Knowledge;

/// <summary>
/// Every name of TorchSharp's public API that the product refers to, apart from the layers in <c>LayerTable</c>.
/// Type names are metadata names, as <c>Compilation.GetTypeByMetadataName</c> takes them.
/// </summary>
public static class TorchSharpNames
{
    public const string Assembly = "TorchSharp";

    /// <summary>The namespace of the layer, loss and optimizer classes.</summary>
    public const string ModulesNamespace = "TorchSharp.Modules";

    public static class Types
    {
        public const string Torch = "TorchSharp.torch";
        public const string Tensor = "TorchSharp.torch+Tensor";
        public const string Autograd = "TorchSharp.torch+autograd";
        public const string NN = "TorchSharp.torch+nn";
        public const string Functional = "TorchSharp.torch+nn+functional";
        public const string Init = "TorchSharp.torch+nn+init";
        public const string NNUtils = "TorchSharp.torch+nn+utils";
        public const string Module = "TorchSharp.torch+nn+Module";

        /// <summary>The base of every module with hooks; its subclasses are <c>Module&lt;T, TResult&gt;</c> and on.</summary>
        public const string HookableModule = "TorchSharp.torch+nn+HookableModule`2";

        public const string Parameter = "TorchSharp.Modules.Parameter";
        public const string ParameterList = "TorchSharp.Modules.ParameterList";
        public const string ParameterDict = "TorchSharp.Modules.ParameterDict";
        public const string ModuleList = "TorchSharp.Modules.ModuleList`1";
        public const string ModuleDict = "TorchSharp.Modules.ModuleDict`1";
        public const string Sequential = "TorchSharp.Modules.Sequential";

        /// <summary><c>Sequential&lt;T, TResult&gt;</c> to <c>Sequential&lt;T1, …, T6, TResult&gt;</c>: bases for derivation.</summary>
        public static IReadOnlyList<string> GenericSequentials { get; } =
            Enumerable.Range(2, 6).Select(arity => $"{Sequential}`{arity}").ToArray();

        public const string Optim = "TorchSharp.torch+optim";
        public const string Optimizer = "TorchSharp.torch+optim+Optimizer";
        public const string LearningRateSchedulers = "TorchSharp.torch+optim+lr_scheduler";
        public const string LearningRateScheduler = "TorchSharp.torch+optim+lr_scheduler+LRScheduler";
        public const string Device = "TorchSharp.torch+Device";
        public const string DisposeScope = "TorchSharp.DisposeScope";
        public const string ComponentNameAttribute = "TorchSharp.Utils.ComponentNameAttribute";

        /// <summary>Optimizers that scale each step by a running gradient magnitude, so that a small gradient still moves its weight.</summary>
        public static IReadOnlyList<string> AdaptiveOptimizers { get; } =
        [
            "TorchSharp.Modules.Adam", "TorchSharp.Modules.AdamW", "TorchSharp.Modules.Adamax", "TorchSharp.Modules.NAdam",
            "TorchSharp.Modules.RAdam", "TorchSharp.Modules.RMSProp", "TorchSharp.Modules.Adagrad", "TorchSharp.Modules.Adadelta",
            "TorchSharp.Modules.Rprop",
        ];

        /// <summary>Its step takes a closure that runs forward and backward itself.</summary>
        public const string LBFGS = "TorchSharp.Modules.LBFGS";

        /// <summary>Layers that carry a hidden state from one time step to the next.</summary>
        public static IReadOnlyList<string> Recurrent { get; } = ModulesWith(LayerTraits.Recurrent);

        /// <summary>Layers whose parameters live in native memory: a dispose scope open at their construction takes them along.</summary>
        public static IReadOnlyList<string> NativeBacked { get; } = ModulesWith(LayerTraits.NativeBacked);

        /// <summary>Modules without parameters that judge an output; their arities differ in the number of inputs.</summary>
        public static IReadOnlyList<string> Losses { get; } = ["TorchSharp.Loss`3", "TorchSharp.Loss`4", "TorchSharp.Loss`5"];

        public const string PackedSequence = "TorchSharp.torch+nn+utils+rnn+PackedSequence";
        public const string ModuleExtensions = "TorchSharp.ModuleExtensionMethods";
        public const string Scalar = "TorchSharp.Scalar";
        public const string TensorIndex = "TorchSharp.torch+TensorIndex";
        /// <summary>Where and how a layer computes, not what.</summary>
        public static IReadOnlyList<string> Placements { get; } = [Device, "TorchSharp.DeviceType", "TorchSharp.torch+ScalarType", "TorchSharp.torch+Generator"];

        public const string FanInOut = "TorchSharp.torch+nn+init+FanInOut";
        public const string NonlinearityType = "TorchSharp.torch+nn+init+NonlinearityType";

        private static string[] ModulesWith(LayerTraits traits) =>
            LayerTable.All.Where(row => row.Has(traits)).SelectMany(row => row.Modules).Select(name => $"{ModulesNamespace}.{name}").ToArray();
    }

    /// <summary>Members of <c>TensorIndex</c>.</summary>
    public static class TensorIndices
    {
        public const string Slice = "Slice";
        public const string Single = "Single";
        public const string OfTensor = "Tensor";
        public const string Ellipsis = "Ellipsis";
        public const string Colon = "Colon";
        public const string None = "None";
        public const string Null = "Null";
    }

    /// <summary>Functions of <c>torch</c> that make a tensor from sizes.</summary>
    public static class Creation
    {
        public const string Zeros = "zeros";
        public const string Ones = "ones";
        public const string Normal = "randn";
        public const string Uniform = "rand";
        public const string Full = "full";
        public const string Empty = "empty";
        public const string Eye = "eye";
    }

    /// <summary>Ends the name of a function of <see cref="Creation"/> that takes shape and type from a tensor: <c>randn_like</c>.</summary>
    public const string LikeSuffix = "_like";

    /// <summary>Functions of <c>torch.nn.init</c>.</summary>
    public static class Initializers
    {
        public const string Zeros = "zeros_";
        public const string Ones = "ones_";
        public const string Constant = "constant_";
        public const string Eye = "eye_";
        public const string Dirac = "dirac_";
        public const string Uniform = "uniform_";
        public const string Normal = "normal_";
        public const string TruncatedNormal = "trunc_normal_";
        public const string XavierUniform = "xavier_uniform_";
        public const string XavierNormal = "xavier_normal_";
        public const string GlorotUniform = "glorot_uniform_";
        public const string GlorotNormal = "glorot_normal_";
        public const string KaimingUniform = "kaiming_uniform_";
        public const string KaimingNormal = "kaiming_normal_";
        public const string Orthogonal = "orthogonal_";
        public const string Sparse = "sparse_";
        public const string CalculateGain = "calculate_gain";
        public const string CalculateFans = "CalculateFanInAndFanOut";
    }

    /// <summary>Members of <c>NonlinearityType</c>.</summary>
    public static class Nonlinearities
    {
        public const string Linear = "Linear";
        public const string Sigmoid = "Sigmoid";
        public const string Tanh = "Tanh";
        public const string ReLU = "ReLU";
        public const string LeakyReLU = "LeakyReLU";
    }

    /// <summary>Members of <c>torch.nn.Module</c> and its subclasses.</summary>
    public static class ModuleMembers
    {
        public const string RegisterComponents = "RegisterComponents";
        public const string RegisterModule = "register_module";
        public const string AddModule = "add_module";
        public const string RegisterParameter = "register_parameter";
        public const string RegisterBuffer = "register_buffer";
        public const string RegisterForwardHook = "register_forward_hook";
        public const string RegisterForwardPreHook = "register_forward_pre_hook";
        public const string Forward = "forward";
        public const string Call = "call";
        public const string Parameters = "parameters";
        public const string NamedParameters = "named_parameters";
        public const string Modules = "modules";
        public const string NamedModules = "named_modules";
        public const string Children = "children";
        public const string NamedChildren = "named_children";
        public const string Apply = "apply";
        public const string Train = "train";
        public const string Eval = "eval";
        public const string Training = "training";
        public const string ZeroGrad = "zero_grad";
        public const string To = "to";
        public const string Cuda = "cuda";
        public const string Cpu = "cpu";
        public const string Load = "load";
        public const string LoadStateDict = "load_state_dict";
        public const string Buffers = "buffers";
        public const string StateDict = "state_dict";
        public const string GetName = "GetName";
        public const string GetParameter = "get_parameter";
        public const string ConditionallyRegisterParameter = "ConditionallyRegisterParameter";

        /// <summary>Of linear layers, convolutions and norms: draws their default values anew.</summary>
        public const string ResetParameters = "reset_parameters";
        public const string InFeatures = "in_features";
        public const string OutFeatures = "out_features";

        /// <summary>Of <c>RNN</c>: the parameter of one layer.</summary>
        public const string GetWeightIh = "get_weight_ih";
        public const string GetWeightHh = "get_weight_hh";
        public const string GetBiasIh = "get_bias_ih";
        public const string GetBiasHh = "get_bias_hh";

        /// <summary>Of the recurrent cells; layers append the layer's number.</summary>
        public const string BiasIh = "bias_ih";

        /// <summary>Of <c>ModuleDict</c> and <c>ParameterDict</c>.</summary>
        public const string Keys = "keys";
        public const string Values = "values";
        public const string Items = "items";
        public const string Count = "Count";
        public const string Weight = "weight";
        public const string Bias = "bias";

        /// <summary>Of <c>Sequential</c>, <c>ModuleList</c> and <c>ParameterList</c>.</summary>
        public const string Append = "append";
        public const string Extend = "extend";
        public const string Add = "Add";
        public const string Insert = "Insert";
    }

    public static class TensorMembers
    {
        public const string Backward = "backward";
        public const string Grad = "grad";
        public const string RequiresGrad = "requires_grad";
        public const string WithRequiresGrad = "requires_grad_";
        public const string RetainGrad = "retain_grad";
        public const string Detach = "detach";
        public const string DetachInPlace = "detach_";
        public const string Item = "item";
        public const string Data = "data";
        public const string Zero = "zero_";
        public const string Clone = "clone";
        public const string Alias = "alias";
        public const string Shape = "shape";
        public const string Size = "size";
        public const string Dim = "dim";
        public const string ElementCount = "numel";
        public const string Dimensions = "ndim";
        public const string Transposed = "T";
        public const string ConjugateTransposed = "H";
        public const string MatrixTransposed = "mT";
        public const string NormalInPlace = "normal_";
        public const string UniformInPlace = "uniform_";
        public const string FillInPlace = "fill_";
        public const string CopyInPlace = "copy_";
        public const string LogInPlace = "log_";
        public const string Narrow = "narrow";
        public const string Slice = "slice";
        public const string Chunk = "chunk";
        public const string Square = "square";
        public const string Multiply = "mul";
        public const string Divide = "div";
        public const string WithRequiresGradCopy = "with_requires_grad";
        public const string MoveToOuterDisposeScope = "MoveToOuterDisposeScope";
        public const string MoveToOtherDisposeScope = "MoveToOtherDisposeScope";
        public const string DetachFromDisposeScope = "DetachFromDisposeScope";
    }

    /// <summary>Functions of <c>torch</c> and methods of <c>Tensor</c> whose result carries no gradient.</summary>
    public static IReadOnlyList<string> NonDifferentiable { get; } =
    [
        "eq", "ne", "lt", "le", "gt", "ge", "greater", "greater_equal", "less", "less_equal", "not_equal", "equal", "isclose", "allclose",
        "logical_and", "logical_or", "logical_xor", "logical_not", "isnan", "isinf", "isfinite", "argmax", "argmin", "argsort", "nonzero",
        "sign", "floor", "ceil", "round", "trunc", "floor_divide", "zeros_like", "ones_like", "rand_like", "randn_like", "empty_like",
        "full_like", "new_zeros", "new_ones", "new_full", "new_empty", "multinomial", "bernoulli", "bincount", "unique", "any", "all",
        "numel", "count_nonzero", "bool", "long", "int", "byte", "short",
    ];

    /// <summary>Parameters of functions and layers.</summary>
    public static class Arguments
    {
        public const string InPlace = "inplace";
        public const string Dim = "dim";
        public const string Reduction = "reduction";
    }

    public static class OptimizerMembers
    {
        public const string Step = "step";
        public const string ZeroGrad = "zero_grad";
    }

    /// <summary>Members of <c>DisposeScope</c> and of tensors with regard to it.</summary>
    public static class ScopeMembers
    {
        /// <summary>What takes a tensor out of a scope before it closes.</summary>
        public static IReadOnlyList<string> TakeOutOfScope { get; } =
        [
            "Detach", "MoveToOuter", "MoveToOther", "DetachFromDisposeScope", "MoveToOuterDisposeScope", "MoveToOtherDisposeScope",
        ];
    }

    /// <summary>Static members of <c>torch</c> and its nested classes.</summary>
    public static class Functions
    {
        public const string NoGrad = "no_grad";
        public const string EnableGrad = "enable_grad";
        public const string SetGradEnabled = "set_grad_enabled";
        public const string InferenceMode = "inference_mode";
        public const string NewDisposeScope = "NewDisposeScope";

        /// <summary>Factor of the second summand of <c>add</c> and <c>sub</c>.</summary>
        public const string Alpha = "alpha";
        public const string ClipGradNorm = "clip_grad_norm_";
        public const string ClipGradValue = "clip_grad_value_";
        public const string Backward = "backward";
        public const string Grad = "grad";
        public const string Tensor = "tensor";
        public const string Sequential = "Sequential";
        public const string ModuleList = "ModuleList";
        public const string ModuleDict = "ModuleDict";
        public const string Parameter = "Parameter";
    }

    /// <summary>Versions of the assembly at which the behaviour that a rule judges changed.</summary>
    public static class Versions
    {
        /// <summary>From here <c>Module.zero_grad()</c> reaches the parameters of custom modules.</summary>
        public static Version ModuleZeroGradWorks { get; } = new(0, 100, 5);

        /// <summary>From here private fields of base classes are registered, and GroupNorm's affine parameters are uninitialised.</summary>
        public static Version ManagedLayers { get; } = new(0, 104, 0);

        /// <summary>
        /// The first version after the last one that has been looked at. Up to there GroupNorm leaves its affine parameters
        /// uninitialised, <c>xavier_normal_</c> draws from a uniform distribution, and <c>trunc_normal_</c> takes mean for deviation.
        /// </summary>
        public static Version Unseen { get; } = new(0, 108, 0);
    }
}
