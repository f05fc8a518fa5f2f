using GradLint.Analyzers.Extraction;
using GradLint.Analyzers.Framework;
using GradLint.Core.Knowledge;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Member = GradLint.Core.Knowledge.TorchSharpNames.ModuleMembers;
using TensorMember = GradLint.Core.Knowledge.TorchSharpNames.TensorMembers;

namespace GradLint.Analyzers.Training;

/// <summary>
/// Which operations make the values of a tensor: followed back through locals, parameters, fields, source methods and the
/// models that it is an output of, past everything that only arranges values. Where one way back cannot be followed
/// nothing is said.
/// </summary>
internal sealed class TensorSources(Compilation compilation, KnownTypes types, OriginResolver origins, CancellationToken cancellationToken)
{
    private const int StepBudget = 300;

    private readonly SourceOperations _source = SourceOperations.Of(compilation);
    private readonly CallerArguments _callers = new(SourceOperations.Of(compilation), cancellationToken);
    private readonly ModuleOutputs _outputs = new(compilation, types, origins, cancellationToken);

    /// <summary>All operations that the tensor can come from, or null when there may be others.</summary>
    public IReadOnlyList<TensorSource>? Of(IOperation tensor, CallFrame? frame = null)
    {
        var search = new Search(this);
        return search.Follow(tensor, frame, element: null) && search.Found.Count > 0 ? search.Found.Distinct().ToArray() : null;
    }

    /// <summary>The layers and models that an expression can stand for, or null when there may be others.</summary>
    public IReadOnlyList<IOperation>? CreationsOf(IOperation module, CallFrame? frame = null) => _outputs.CreationsOf(module, frame);

    private sealed class Search(TensorSources owner)
    {
        private readonly HashSet<(IOperation, CallFrame?, int?)> _visited = [];

        public List<TensorSource> Found { get; } = [];

        /// <param name="value">The expression.</param>
        /// <param name="frame">The activation of the code that it stands in.</param>
        /// <param name="element">Which element of the expression's tuple is meant, or null for all of it.</param>
        /// <returns>False when it cannot be followed.</returns>
        public bool Follow(IOperation? value, CallFrame? frame, int? element)
        {
            owner.Cancellation.ThrowIfCancellationRequested();
            if (value is null || _visited.Count > StepBudget || !_visited.Add((value, frame, element)))
                return false;
            switch (value)
            {
                case IConversionOperation conversion:
                    return Follow(conversion.Operand, frame, element);
                case IParenthesizedOperation parenthesized:
                    return Follow(parenthesized.Operand, frame, element);
                case IArgumentOperation argument:
                    return Follow(argument.Value, frame, element);
                case ISimpleAssignmentOperation assignment:
                    return Follow(assignment.Value, frame, element);
                case IConditionalOperation conditional:
                    return Follow(conditional.WhenTrue, frame, element) && Follow(conditional.WhenFalse, frame, element);
                case ITupleOperation tuple when element is { } index && index < tuple.Elements.Length:
                    return Follow(tuple.Elements[index], frame, null);
                case ILocalReferenceOperation local:
                    return FollowReaching(local, local.Local, frame, element);
                case IParameterReferenceOperation parameter:
                    return FollowReaching(parameter, parameter.Parameter, frame, element);
                case IFieldReferenceOperation { Field: { ContainingType.IsTupleType: true } field, Instance: { } tuple } when element is null:
                    return Follow(tuple, frame, ElementOf(field));
                case IFieldReferenceOperation field:
                    return FollowMember(field.Field, element);
                case IPropertyReferenceOperation { Instance: { } tensor } property when owner.Types.IsTensor(tensor.Type) && owner.Types.IsTensor(property.Type):
                    return property.Property.IsIndexer || IsTransposed(property.Property) ? Follow(tensor, frame, null) : false;
                case IPropertyReferenceOperation { Property: { IsIndexer: false, GetMethod: { } getter } } property when owner.Source.Body(getter, owner.Cancellation) is not null:
                    return FollowReturns(getter, new CallFrame(frame, property, getter), element);
                case IPropertyReferenceOperation { Property.IsIndexer: false } property:
                    return FollowMember(property.Property, element);
                case IInvocationOperation call:
                    return FollowCall(call, frame, element);
                default:
                    return false;
            }
        }

        /// <summary>The place of <c>Item2</c>, or of the element by its name, in the tuple.</summary>
        private static int ElementOf(IFieldSymbol field)
        {
            var item = (field.CorrespondingTupleField ?? field).Name;
            return Enumerable.Range(0, field.ContainingType.TupleElements.Length)
                .First(index => (field.ContainingType.TupleElements[index].CorrespondingTupleField ?? field.ContainingType.TupleElements[index]).Name == item);
        }

        private static bool IsTransposed(IPropertySymbol property) =>
            property.Name is TensorMember.Transposed or TensorMember.ConjugateTransposed or TensorMember.MatrixTransposed;

        private bool FollowReaching(IOperation reference, ISymbol symbol, CallFrame? frame, int? element)
        {
            if (ReachingValue.At(reference, symbol, owner.Types) is not { } reaching)
                return false;
            if (reaching.Value is { } value)
                return (element is null || reaching.Element is null) && Follow(value, frame, element ?? reaching.Element);
            if (symbol is not IParameterSymbol parameter)
                return false;
            if (frame?.Binding(parameter) is { } bound)
                return Follow(bound.Operation, bound.Frame, element);
            return owner.Callers.Of(parameter) is { } arguments && arguments.All(argument => Follow(argument, null, element));
        }

        /// <summary>A field or property that code of the compilation assigns, each time by what can be followed.</summary>
        private bool FollowMember(ISymbol member, int? element)
        {
            if (!owner.Source.Declares(member))
                return false;
            var values = new List<IOperation>();
            if (owner.Source.Initializer(member, owner.Cancellation) is ISymbolInitializerOperation { Value: { } initial } && !IsNull(initial))
                values.Add(initial);
            foreach (var reference in owner.Source.References(member, owner.Cancellation))
            {
                if (reference.Parent is ISimpleAssignmentOperation assignment && ReferenceEquals(assignment.Target, reference))
                    values.Add(assignment.Value);
                else if (reference.Parent is IAssignmentOperation or IArgumentOperation { Parameter.RefKind: RefKind.Out or RefKind.Ref } or ITupleOperation)
                    return false;
            }

            values.RemoveAll(IsNull);
            return values.Count > 0 && values.All(value => Follow(value, null, element));
        }

        private static bool IsNull(IOperation value) => value is IConversionOperation conversion ? IsNull(conversion.Operand) : value.ConstantValue is { HasValue: true, Value: null } or { HasValue: false } && value is IDefaultValueOperation;

        private bool FollowReturns(IMethodSymbol method, CallFrame frame, int? element) =>
            owner.Origins.ReturnsOf(method).All(returned => Follow(returned, frame, element));

        private bool FollowCall(IInvocationOperation call, CallFrame? frame, int? element)
        {
            var method = call.TargetMethod;
            if (owner.Types.IsModule(method.ContainingType) && method.Name is Member.Call or Member.Forward)
                return FollowModule(call, frame, element);
            if (!owner.Types.IsFromTorchSharp(method))
            {
                return owner.Source.Declares(method)
                    && !method.IsVirtual && !method.IsAbstract && !method.IsOverride && !method.IsAsync
                    && frame?.IsRunning(method) != true
                    && FollowReturns(method, owner.Origins.Enter(call, frame), element);
            }

            var input = call.Instance ?? call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value;
            if (KindOf(method) is not { } kind || element is not null && !LayerTable.Has(kind, LayerTraits.Shape))
                return method.Name is TensorMember.WithRequiresGrad or TensorMember.MoveToOuterDisposeScope or TensorMember.DetachFromDisposeScope && Follow(input, frame, null);
            if (ArrangesOnly(kind))
                return Follow(input, frame, null);
            if (kind is LayerKind.Concat or LayerKind.Stack)
                return ElementsOf(input) is { } parts && parts.All(part => Follow(part, frame, null));
            return Add(kind, ModuleOutputs.DimensionOf(call.Arguments), call.Syntax, call.Syntax);
        }

        private LayerKind? KindOf(IMethodSymbol method)
        {
            if (SymbolEqualityComparer.Default.Equals(method.ContainingType, owner.Types.Functional))
                return LayerTable.OfFunction(method.Name);
            return owner.Types.IsTensor(method.ContainingType) || SymbolEqualityComparer.Default.Equals(method.ContainingType, owner.Types.Torch)
                ? LayerTable.OfOperation(method.Name)
                : null;
        }

        private static bool ArrangesOnly(LayerKind kind) =>
            LayerTable.Has(kind, LayerTraits.Shape) || LayerTable.Has(kind, LayerTraits.Dropout) || kind == LayerKind.Detach;

        private static IEnumerable<IOperation>? ElementsOf(IOperation? list) => list switch
        {
            IConversionOperation conversion => ElementsOf(conversion.Operand),
            IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues,
            _ => null,
        };

        private bool FollowModule(IInvocationOperation call, CallFrame? frame, int? element)
        {
            if (call.Instance is not { } module || owner.Outputs.Of(module, frame) is not { } made)
                return false;
            foreach (var output in made)
            {
                if (output.Layer is { } kind)
                {
                    var follows = ArrangesOnly(kind) ? Follow(call.Arguments.FirstOrDefault(), frame, null) : Add(kind, output.Dimension, output.Creation!, call.Syntax);
                    if (!follows)
                        return false;
                }
                else if (!FollowGraph(output.Model!, call.Type, element))
                {
                    return false;
                }
            }

            return made.Count > 0;
        }

        private bool FollowGraph(ModelGraph model, ITypeSymbol? returned, int? element)
        {
            // Of a tuple the graph knows the tensors only: another element among them would shift their places.
            var count = element is null ? 1 : returned is INamedTypeSymbol { IsTupleType: true } tuple ? tuple.TupleElements.Length : 0;
            return model.Outputs.Count == count && FollowNode(model, model.Outputs[element ?? 0], depth: 0);
        }

        private bool FollowNode(ModelGraph model, NodeOutput output, int depth)
        {
            var node = model.Nodes[output.Node];
            if (depth > StepBudget || node.Kind is LayerKind.Unknown or LayerKind.Input or LayerKind.Constant)
                return false;
            if (ArrangesOnly(node.Kind))
                return node.Inputs.Count > 0 && FollowNode(model, node.Inputs[0], depth + 1);
            if (node.Kind is LayerKind.Concat or LayerKind.Stack)
                return node.Inputs.Count > 0 && node.Inputs.All(input => FollowNode(model, input, depth + 1));
            if (node.Construction.Token is not Location construction || node.Use.Token is not Location use)
                return false;
            Found.Add(new(node.Kind, node.Arguments.Integer(TorchSharpNames.Arguments.Dim), construction, use));
            return true;
        }

        private bool Add(LayerKind kind, long? dimension, SyntaxNode construction, SyntaxNode use)
        {
            Found.Add(new(kind, dimension, construction.GetLocation(), use.GetLocation()));
            return true;
        }
    }

    private KnownTypes Types => types;

    private SourceOperations Source => _source;

    private OriginResolver Origins => origins;

    private CallerArguments Callers => _callers;

    private ModuleOutputs Outputs => _outputs;

    private CancellationToken Cancellation => cancellationToken;
}
