using GradLint.Analyzers.Framework;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Member = GradLint.Core.Knowledge.TorchSharpNames.ModuleMembers;

namespace GradLint.Analyzers.Rules;

/// <summary>
/// GL6005: one layer put into a stack again and again, because it is made outside the loop that stacks it, or by
/// <c>Enumerable.Repeat</c>. The stack looks deep and has the weights of one layer.
/// </summary>
internal sealed class LayerUsedAtSeveralDepths : ILayerCreationRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.LayerUsedAtSeveralDepths,
        "One layer is stacked several times",
        "The same '{0}' is added again and again, so all depths share its weights: make a new one each time",
        RuleCategory.Wiring,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.LayerUsedAtSeveralDepths));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(LayerCreationContext context)
    {
        foreach (var call in context.Operations.OfType<IInvocationOperation>())
        {
            if (IsRepeat(call) && IsNewLayer(call.Arguments[0].Value, context))
                context.Report(Rule, call.Syntax.GetLocation(), null, LayerName(call.Arguments[0].Value));
            else if (Stacks(call))
                CheckStacked(call, context);
        }
    }

    private static void CheckStacked(IInvocationOperation call, LayerCreationContext context)
    {
        foreach (var local in call.Arguments.SelectMany(argument => Elements(argument.Value)).OfType<ILocalReferenceOperation>())
        {
            if (InnermostLoop(call) is { } loop
                && Declaration(local.Local, context) is { Initializer.Value: { } value } declaration
                && !loop.Syntax.Span.Contains(declaration.Syntax.Span)
                && IsNewLayer(value, context)
                && !IsAssignedIn(loop, local.Local))
            {
                context.Report(Rule, call.Syntax.GetLocation(), [declaration.Syntax.GetLocation()], local.Local.Name);
            }
        }
    }

    private static bool IsRepeat(IInvocationOperation call) =>
        call.TargetMethod is { Name: nameof(Enumerable.Repeat), ContainingType: { Name: nameof(Enumerable), ContainingNamespace.Name: nameof(System.Linq) } };

    /// <summary>Whether the call adds to a collection of layers or to a container.</summary>
    private static bool Stacks(IInvocationOperation call) =>
        call.TargetMethod.Name is Member.Add or Member.Append or Member.Insert && call.Instance is not null;

    /// <summary><c>(name, layer)</c> adds the layer.</summary>
    private static IEnumerable<IOperation> Elements(IOperation value)
    {
        while (value is IConversionOperation conversion)
            value = conversion.Operand;
        return value switch
        {
            ITupleOperation tuple => tuple.Elements.SelectMany(Elements),
            IArrayCreationOperation { Initializer: { } elements } => elements.ElementValues.SelectMany(Elements),
            _ => [value],
        };
    }

    private static bool IsNewLayer(IOperation value, LayerCreationContext context) =>
        context.Types.IsModule(value.Type) && context.Trainability.IsNew(value) && context.Trainability.HoldsParameters(value);

    private static ILoopOperation? InnermostLoop(IOperation operation)
    {
        for (var outer = operation.Parent; outer is not null and not IAnonymousFunctionOperation; outer = outer.Parent)
        {
            if (outer is ILoopOperation loop)
                return loop;
        }

        return null;
    }

    private static IVariableDeclaratorOperation? Declaration(ILocalSymbol local, LayerCreationContext context) =>
        context.Operations.OfType<IVariableDeclaratorOperation>().FirstOrDefault(declarator => SymbolEqualityComparer.Default.Equals(declarator.Symbol, local));

    private static bool IsAssignedIn(IOperation loop, ILocalSymbol local) =>
        loop.Descendants().OfType<IAssignmentOperation>().Any(assignment =>
            assignment.Target is ILocalReferenceOperation target && SymbolEqualityComparer.Default.Equals(target.Local, local));

    private static string LayerName(IOperation value)
    {
        while (value is IConversionOperation conversion)
            value = conversion.Operand;
        return value.Type?.Name ?? "layer";
    }
}
