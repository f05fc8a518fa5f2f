using GradLint.Analyzers.Framework;
using GradLint.Analyzers.Wiring;
using GradLint.Core.Knowledge;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Member = GradLint.Core.Knowledge.TorchSharpNames.ModuleMembers;

namespace GradLint.Analyzers.Rules;

/// <summary>
/// GL6001: a module that never registers its layers, where nothing else does it for it: as the model whose
/// <c>parameters()</c> are asked for, or as a child of a <c>Sequential</c>. As a field of a module that does register,
/// or in its <c>ModuleList</c>, it is registered along with that one, and nothing is wrong.
/// </summary>
internal sealed class ComponentsNeverRegistered : IModuleWiringRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.ComponentsNeverRegistered,
        "Layers are never registered",
        "'{0}' never calls RegisterComponents() and {1}, so its parameters are not trained: call it at the end of the constructor",
        RuleCategory.Wiring,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.ComponentsNeverRegistered));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModuleWiringContext context)
    {
        if (context.Type.IsAbstract || !IsLeftToRegister(context) || !HoldsLayersInFields(context) || RegistersAnywhere(context))
            return;

        foreach (var creation in CreationSites.Of(context.Compilation).Constructing(context.Type, context.CancellationToken))
        {
            if (WhyUnregistered(context.SinksOf(creation), context) is { } reason)
            {
                context.Report(Rule, Place(context), [creation.Syntax.GetLocation()], context.Type.Name, reason);
                return;
            }
        }
    }

    /// <summary>Whether the type derives from <c>Module&lt;…&gt;</c> itself: a <c>Sequential</c> or <c>ModuleList</c> has its children already.</summary>
    private static bool IsLeftToRegister(ModuleWiringContext context) =>
        context.Hierarchy.Last().BaseType is { } ancestor
        && SymbolEqualityComparer.Default.Equals(ancestor.OriginalDefinition.ContainingType, context.Types.NN);

    private static bool HoldsLayersInFields(ModuleWiringContext context) =>
        context.Constructions.All(construction => construction.Events.Any(step =>
            step.Kind == ConstructionEventKind.Assign
            && (context.Types.IsModule(MemberType(step)) || context.Types.IsTensor(MemberType(step)))
            && context.Trainability.HoldsParameters(step.Value)));

    private static ITypeSymbol? MemberType(ConstructionEvent step) => (step.Member as IFieldSymbol)?.Type ?? (step.Member as IPropertySymbol)?.Type;

    /// <summary>Whether any code of the type registers something, or answers for its parameters itself.</summary>
    private static bool RegistersAnywhere(ModuleWiringContext context) =>
        context.Constructions.Any(construction => construction.Events.Any(step => step.Kind is not ConstructionEventKind.Assign and not ConstructionEventKind.Fill))
        || context.Hierarchy.Any(type =>
            type.GetMembers().Any(member => member is IMethodSymbol { IsOverride: true, Name: Member.RegisterComponents or Member.Parameters or Member.NamedParameters })
            || context.Source.Bodies(type, context.CancellationToken)
                .SelectMany(body => body.DescendantsAndSelf())
                .Any(operation => operation is IInvocationOperation { TargetMethod.Name: Member.RegisterComponents or Member.RegisterModule or Member.AddModule or Member.RegisterParameter }));

    private static string? WhyUnregistered(IReadOnlyList<Sink> sinks, ModuleWiringContext context)
    {
        if (sinks.Any(sink => sink.Kind == SinkKind.SequentialChild))
            return "a Sequential does not register the layers of its children";

        var asksForParameters = false;
        foreach (var sink in sinks)
        {
            switch (sink.Kind)
            {
                case SinkKind.Receiver:
                    asksForParameters |= ((IInvocationOperation)sink.Operation).TargetMethod.Name is Member.Parameters or Member.NamedParameters;
                    break;
                case SinkKind.Returned:
                    // Its callers are among the sinks.
                    break;
                case SinkKind.Member or SinkKind.CollectionMember when !context.Types.IsModule(sink.Member?.ContainingType):
                    break;
                default:
                    return null;
            }
        }

        return asksForParameters ? "its parameters() are empty" : null;
    }

    private static Location Place(ModuleWiringContext context) =>
        context.Constructions.Select(construction => construction.Constructor).FirstOrDefault(constructor => !constructor.IsImplicitlyDeclared)?.Locations[0]
        ?? context.Type.Locations[0];
}
