using GradLint.Analyzers.Framework;
using GradLint.Core.Knowledge;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Member = GradLint.Core.Knowledge.TorchSharpNames.ModuleMembers;

namespace GradLint.Analyzers.Training;

/// <summary>A private field that a call is given and that what it returns is put back into: a state that goes from one run of the body to the next.</summary>
/// <param name="Field">The field.</param>
/// <param name="Call">The call of a module, or of a method that runs one.</param>
/// <param name="Kept">The assignment.</param>
internal sealed record CarriedState(IFieldSymbol Field, IInvocationOperation Call, IAssignmentOperation Kept);

/// <summary>Finds the states that a body of code carries, through its locals.</summary>
internal sealed class CarriedStates(IReadOnlyList<IOperation> body, KnownTypes types, Func<IInvocationOperation, bool> isRecurrent)
{
    private const int StepBudget = 2_000;

    private readonly ILookup<ISymbol, IOperation> _assigned = body.SelectMany(Assigned).ToLookup(pair => pair.Local, pair => pair.Value, SymbolEqualityComparer.Default);

    public IEnumerable<CarriedState> Find()
    {
        foreach (var assignment in body.OfType<IAssignmentOperation>())
        {
            var fields = TargetFields(assignment.Target).Where(field => field.DeclaredAccessibility == Accessibility.Private && HoldsTensors(field.Type, types)).ToArray();
            if (fields.Length == 0)
                continue;
            var calls = Behind(assignment.Value).OfType<IInvocationOperation>().Where(isRecurrent).ToArray();
            foreach (var field in fields)
            {
                if (calls.FirstOrDefault(call => call.Arguments.SelectMany(argument => Behind(argument.Value)).Any(operation => IsReference(operation, field))) is { } call)
                    yield return new(field, call, assignment);
            }
        }
    }

    public static bool HoldsTensors(ITypeSymbol type, KnownTypes types) =>
        types.IsTensor(type)
        || type is INamedTypeSymbol { IsTupleType: true } tuple && tuple.TupleElements.All(element => HoldsTensors(element.Type, types))
        || type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable && HoldsTensors(nullable.TypeArguments[0], types);

    /// <summary>Everything in the body that a value is worked out from.</summary>
    private IEnumerable<IOperation> Behind(IOperation value)
    {
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        var pending = new Stack<IOperation>([value]);
        for (var steps = 0; pending.Count > 0 && steps < StepBudget;)
        {
            foreach (var operation in pending.Pop().DescendantsAndSelf())
            {
                steps++;
                yield return operation;
                if (operation is ILocalReferenceOperation { Local: var local } && seen.Add(local))
                {
                    foreach (var assigned in _assigned[local])
                        pending.Push(assigned);
                }
            }
        }
    }

    private static IEnumerable<(ISymbol Local, IOperation Value)> Assigned(IOperation operation) => operation switch
    {
        IVariableDeclaratorOperation { Initializer.Value: { } value, Symbol: var local } => [(local, value)],
        IAssignmentOperation assignment => assignment.Target.DescendantsAndSelf().OfType<ILocalReferenceOperation>().Select(target => ((ISymbol)target.Local, assignment.Value)),
        _ => [],
    };

    private static IEnumerable<IFieldSymbol> TargetFields(IOperation target) => target switch
    {
        IFieldReferenceOperation { Instance: IInstanceReferenceOperation } field => [field.Field],
        ITupleOperation tuple => tuple.Elements.SelectMany(TargetFields),
        _ => [],
    };

    private static bool IsReference(IOperation operation, IFieldSymbol field) =>
        operation is IFieldReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Field, field);

    /// <summary>A module's call, or of a method in source that runs one; nothing in either detaches.</summary>
    public static bool IsRecurrent(IInvocationOperation call, SourceOperations source, KnownTypes types, CancellationToken cancellationToken)
    {
        var method = call.TargetMethod;
        if (RunsModule(call, types))
            return call.Instance?.Type is not INamedTypeSymbol type || !Detaches(type, source, types, cancellationToken);
        return source.Declares(method)
            && !method.IsVirtual && !method.IsAbstract
            && source.Body(method, cancellationToken) is { } body
            && body.Descendants().OfType<IInvocationOperation>().Any(inner => RunsModule(inner, types))
            && !Detaches(body, types);
    }

    public static bool RunsModule(IInvocationOperation call, KnownTypes types) =>
        call.TargetMethod.Name is Member.Call or Member.Forward && types.IsModule(call.TargetMethod.ContainingType);

    /// <summary>Whether anything in it gives up a graph, or works without one.</summary>
    public static bool Detaches(IOperation body, KnownTypes types) => body.DescendantsAndSelf().OfType<IInvocationOperation>().Any(call =>
        call.TargetMethod.Name is TorchSharpNames.TensorMembers.Detach or TorchSharpNames.TensorMembers.DetachInPlace
            or TorchSharpNames.Functions.NoGrad or TorchSharpNames.Functions.InferenceMode or TorchSharpNames.Functions.SetGradEnabled
        && types.IsFromTorchSharp(call.TargetMethod));

    /// <summary>Whether a source module detaches anything, or opens up no further.</summary>
    private static bool Detaches(INamedTypeSymbol type, SourceOperations source, KnownTypes types, CancellationToken cancellationToken) =>
        !types.IsFromTorchSharp(type)
        && (!source.Declares(type) || source.Bodies(type, cancellationToken).Any(body => Detaches(body, types)));
}
