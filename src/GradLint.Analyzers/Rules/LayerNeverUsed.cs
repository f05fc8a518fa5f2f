using GradLint.Analyzers.Framework;
using GradLint.Analyzers.Wiring;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Member = GradLint.Core.Knowledge.TorchSharpNames.ModuleMembers;

namespace GradLint.Analyzers.Rules;

/// <summary>
/// GL6004: a private layer that is registered and that no code of its type ever uses. It never gets a gradient; often
/// another layer stands twice in <c>forward</c> where this one was meant.
/// </summary>
internal sealed class LayerNeverUsed : IModuleWiringRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.LayerNeverUsed,
        "Layer is never used",
        "'{0}' is a layer that nothing uses, so it never gets a gradient: use it in forward or remove it",
        RuleCategory.Wiring,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.LayerNeverUsed));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModuleWiringContext context)
    {
        var layers = context.Type.GetMembers().Where(member => IsPrivateLayer(member, context)).ToArray();
        if (layers.Length == 0 || !HasForward(context) || EnumeratesLayers(context))
            return;
        foreach (var layer in layers)
        {
            if (!context.Source.References(layer, context.CancellationToken).Any(reference => IsUse(reference, context.Types)) && !IsUsedByANestedType(layer, context))
                context.Report(Rule, layer.Locations[0], null, layer.Name);
        }
    }

    private static bool IsPrivateLayer(ISymbol member, ModuleWiringContext context) =>
        member is IFieldSymbol { IsStatic: false, IsImplicitlyDeclared: false, DeclaredAccessibility: Accessibility.Private } field
        && context.Types.IsModule(field.Type)
        && context.Constructions.Any(construction => construction.Events.Any(step =>
            SymbolEqualityComparer.Default.Equals(step.Member, field)
            && context.Trainability.IsNew(step.Value)
            && context.Trainability.HoldsParameters(step.Value)));

    private static bool HasForward(ModuleWiringContext context) =>
        context.Type.GetMembers(Member.Forward).Any(method => method is IMethodSymbol { IsOverride: true, IsAbstract: false });

    /// <summary>Whether the type goes through its layers without naming them.</summary>
    private static bool EnumeratesLayers(ModuleWiringContext context) =>
        context.Source.Bodies(context.Type, context.CancellationToken)
            .SelectMany(body => body.DescendantsAndSelf())
            .Any(operation => operation is IInvocationOperation
            {
                TargetMethod.Name: Member.Children or Member.NamedChildren or Member.Modules or Member.NamedModules,
                Instance: IInstanceReferenceOperation,
            });

    /// <summary>Anything but putting a value there, initialising its weights or registering it.</summary>
    private static bool IsUse(IOperation reference, KnownTypes types) => reference.Parent switch
    {
        IAssignmentOperation assignment => !ReferenceEquals(assignment.Target, reference),
        INameOfOperation => false,
        IPropertyReferenceOperation { Property.Name: Member.Weight or Member.Bias } parameter =>
            !SymbolEqualityComparer.Default.Equals(Taker(parameter)?.ContainingType, types.Init),
        _ => Taker(reference)?.Name is not (Member.RegisterModule or Member.AddModule),
    };

    /// <summary>The method that the value is an argument of.</summary>
    private static IMethodSymbol? Taker(IOperation value)
    {
        var parent = value.Parent;
        while (parent is IConversionOperation)
            parent = parent.Parent;
        return parent is IArgumentOperation { Parent: IInvocationOperation call } ? call.TargetMethod : null;
    }

    private static bool IsUsedByANestedType(ISymbol layer, ModuleWiringContext context) =>
        context.Type.GetTypeMembers().Any(nested => context.Source.Bodies(nested, context.CancellationToken)
            .SelectMany(body => body.DescendantsAndSelf())
            .Any(operation => operation is IFieldReferenceOperation field && SymbolEqualityComparer.Default.Equals(field.Field, layer)));
}
