using GradLint.Analyzers.Framework;
using GradLint.Analyzers.Wiring;
using GradLint.Core.Knowledge;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Rules;

/// <summary>
/// GL6006: a tensor made with <c>requires_grad: true</c> in a plain <c>Tensor</c> field of a module. Registration takes
/// it for a buffer: no optimizer gets it.
/// </summary>
internal sealed class TrainableTensorBecomesBuffer : IModuleWiringRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.TrainableTensorBecomesBuffer,
        "Trainable tensor is registered as a buffer",
        "'{0}' asks for a gradient but is not a Parameter, so it becomes a buffer and is never trained: make it a Parameter",
        RuleCategory.Wiring,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.TrainableTensorBecomesBuffer));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModuleWiringContext context)
    {
        var reported = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (var (member, place) in MadeTrainable(context).Concat(SwitchedOn(context)))
        {
            if (!member.IsStatic && context.IsOwn(place.Syntax) && !IsUsedAsParameter(member, context) && reported.Add(member))
                context.Report(Rule, place.Syntax.GetLocation(), member.Locations, member.Name);
        }
    }

    private static IEnumerable<(ISymbol Member, IOperation Place)> MadeTrainable(ModuleWiringContext context) =>
        from construction in context.Constructions
        from step in construction.Events
        where step is { Kind: ConstructionEventKind.Assign, Member: not null, Value: not null } && IsTrainableTensor(step.Value, context.Types)
        select (step.Member, step.Value);

    /// <summary><c>scale.requires_grad = true;</c> on a field that a constructor fills with a plain tensor.</summary>
    private static IEnumerable<(ISymbol Member, IOperation Place)> SwitchedOn(ModuleWiringContext context) =>
        from body in context.Source.Bodies(context.Type, context.CancellationToken)
        from assignment in body.DescendantsAndSelf().OfType<ISimpleAssignmentOperation>()
        where assignment is
        {
            Target: IPropertyReferenceOperation
            {
                Property.Name: TorchSharpNames.TensorMembers.RequiresGrad,
                Instance: IMemberReferenceOperation { Instance: IInstanceReferenceOperation },
            },
            Value.ConstantValue: { HasValue: true, Value: true },
        }
        let member = ((IMemberReferenceOperation)((IPropertyReferenceOperation)assignment.Target).Instance!).Member
        where context.Constructions.Any(construction => construction.Events.Any(step =>
            SymbolEqualityComparer.Default.Equals(step.Member, member) && IsNewPlainTensor(step.Value, context.Types)))
        select (member.OriginalDefinition, (IOperation)assignment);

    /// <summary>A tensor made here with <c>requires_grad: true</c>, or switched to it at once, and not a Parameter.</summary>
    private static bool IsTrainableTensor(IOperation value, KnownTypes types) => Unconverted(value) switch
    {
        IInvocationOperation { TargetMethod.Name: TorchSharpNames.TensorMembers.WithRequiresGrad, Instance: { } tensor } => IsNewPlainTensor(tensor, types),
        IInvocationOperation call => IsNewPlainTensor(call, types) && call.Arguments.Any(argument =>
            argument.Parameter?.Name == TorchSharpNames.TensorMembers.RequiresGrad && argument.Value.ConstantValue is { HasValue: true, Value: true }),
        _ => false,
    };

    /// <summary>Whether a function of <c>torch</c> makes the tensor here: one derived from an input is kept for its gradient, not trained.</summary>
    private static bool IsNewPlainTensor(IOperation? value, KnownTypes types) =>
        Unconverted(value) is IInvocationOperation { Instance: null } call
        && types.IsTensor(call.Type)
        && !types.IsParameter(call.Type)
        && SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, types.Torch);

    private static IOperation? Unconverted(IOperation? value)
    {
        while (value is IConversionOperation conversion)
            value = conversion.Operand;
        return value;
    }

    /// <summary>Whether the code wraps it in a Parameter elsewhere, registers it or hands it on.</summary>
    private static bool IsUsedAsParameter(ISymbol member, ModuleWiringContext context) =>
        context.Source.References(member, context.CancellationToken).Any(reference =>
            reference.Parent is IArgumentOperation { Parent: var call }
            && (call is IObjectCreationOperation creation && context.Types.IsParameter(creation.Type)
                || call is IInvocationOperation invocation && (context.Types.IsParameter(invocation.Type) || context.Types.IsModule(invocation.Instance?.Type))));
}
