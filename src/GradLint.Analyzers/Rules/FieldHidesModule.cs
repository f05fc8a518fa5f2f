using GradLint.Analyzers.Framework;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Rules;

/// <summary>
/// GL6008: a field with the name of a base class's module field. Components are registered by name, the derived
/// class's first: the base class's layer is never registered.
/// </summary>
internal sealed class FieldHidesModule : IModuleWiringRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.FieldHidesModule,
        "Field hides a module of the base class",
        "'{0}' has the name of a layer of '{1}', so that layer is never registered and its parameters are not trained: rename one of them",
        RuleCategory.Wiring,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.FieldHidesModule));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModuleWiringContext context)
    {
        foreach (var member in context.Type.GetMembers())
        {
            if (IsStored(member) && HiddenModule(member, context) is { } hidden)
                context.Report(Rule, member.Locations[0], hidden.Locations, member.Name, hidden.ContainingType.Name);
        }
    }

    /// <summary>Whether the member is a field under its own name, or an auto-property; an override means to replace its base.</summary>
    private static bool IsStored(ISymbol member) => member switch
    {
        IFieldSymbol field => !field.IsStatic && !field.IsImplicitlyDeclared,
        IPropertySymbol property => !property.IsStatic && !property.IsOverride && IsAutomatic(property),
        _ => false,
    };

    private static bool IsAutomatic(IPropertySymbol property) =>
        property.ContainingType.GetMembers().OfType<IFieldSymbol>()
            .Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));

    private static ISymbol? HiddenModule(ISymbol member, ModuleWiringContext context)
    {
        foreach (var ancestor in context.Hierarchy.Skip(1))
        {
            foreach (var hidden in ancestor.GetMembers(member.Name))
            {
                if (hidden.Kind == member.Kind && IsStored(hidden) && HoldsTrainedLayer(hidden, context))
                    return hidden;
            }
        }

        return null;
    }

    /// <summary>Whether the code of the base class puts a layer there; a field that stays null loses nothing.</summary>
    private static bool HoldsTrainedLayer(ISymbol hidden, ModuleWiringContext context) =>
        context.Constructions.Any(construction => construction.Events.Any(step =>
            SymbolEqualityComparer.Default.Equals(step.Member, hidden.OriginalDefinition)
            && context.Trainability.HoldsParameters(step.Value)));
}
