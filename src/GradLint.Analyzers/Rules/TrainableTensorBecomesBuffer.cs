using GradLint.Analyzers.Framework;
using GradLint.Analyzers.Wiring;
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
    private const string RequiresGradParameter = "requires_grad";

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
        foreach (var step in context.Constructions.SelectMany(construction => construction.Events))
        {
            if (step is { Kind: ConstructionEventKind.Assign, Member: { } member, Value: { } value, Operation: { } operation }
                && !member.IsStatic
                && context.IsOwn(operation.Syntax)
                && IsTrainableTensor(value, context.Types)
                && !IsUsedAsParameter(member, context)
                && reported.Add(member))
            {
                context.Report(Rule, operation.Syntax.GetLocation(), member.Locations, member.Name);
            }
        }
    }

    /// <summary>A leaf tensor made here with <c>requires_grad: true</c>, or switched to it at once, and not a Parameter.</summary>
    private static bool IsTrainableTensor(IOperation value, KnownTypes types)
    {
        while (value is IConversionOperation conversion)
            value = conversion.Operand;
        return value is IInvocationOperation call
            && types.IsTensor(call.Type)
            && !types.IsParameter(call.Type)
            && types.IsFromTorchSharp(call.TargetMethod)
            && call.Arguments.Any(argument =>
                argument.Parameter?.Name == RequiresGradParameter && argument.Value.ConstantValue is { HasValue: true, Value: true });
    }

    /// <summary>Whether the code wraps it in a Parameter elsewhere, registers it or hands it on.</summary>
    private static bool IsUsedAsParameter(ISymbol member, ModuleWiringContext context) =>
        context.Source.References(member, context.CancellationToken).Any(reference =>
            reference.Parent is IArgumentOperation { Parent: var call }
            && (call is IObjectCreationOperation creation && context.Types.IsParameter(creation.Type)
                || call is IInvocationOperation invocation && (context.Types.IsParameter(invocation.Type) || context.Types.IsModule(invocation.Instance?.Type))));
}
