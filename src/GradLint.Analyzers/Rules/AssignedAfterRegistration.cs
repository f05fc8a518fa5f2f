using GradLint.Analyzers.Framework;
using GradLint.Analyzers.Wiring;
using GradLint.Core.Knowledge;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Rules;

/// <summary>
/// GL6003: a layer put into its field, or into a <c>ModuleList</c>, after <c>RegisterComponents()</c> has run, or made by a
/// property each time it is read. Registration happens once: what comes later is never seen, and calling it again does nothing.
/// </summary>
internal sealed class AssignedAfterRegistration : IModuleWiringRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.AssignedAfterRegistration,
        "Layer is made after registration",
        "'{0}' {1}, so its parameters are never registered or trained: {2}",
        RuleCategory.Wiring,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.AssignedAfterRegistration));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModuleWiringContext context)
    {
        var reported = new HashSet<IOperation>();
        foreach (var construction in context.Constructions)
            CheckConstruction(construction, context, reported);
        CheckLaterAssignments(context);
        CheckProperties(context);
        if (context.Types.Version < TorchSharpNames.Versions.ManagedLayers)
            CheckPrivateBaseFields(context);
    }

    private static void CheckConstruction(Construction construction, ModuleWiringContext context, HashSet<IOperation> reported)
    {
        var registration = construction.Events.FirstOrDefault(step => step is { Kind: ConstructionEventKind.RegisterAll, IsCertain: true });
        if (registration is null)
            return;
        var later = construction.Events.SkipWhile(step => !ReferenceEquals(step, registration)).Skip(1).ToArray();
        var registeredByName = later.Where(step => step.Kind == ConstructionEventKind.RegisterOne).Select(step => HeldMember(step.Value)).ToArray();
        if (later.Any(step => step.Kind == ConstructionEventKind.Unknown) || registeredByName.Any(member => member is null))
            return;

        var registeredInBase = !context.IsOwn(registration.Operation!.Syntax);
        foreach (var step in later)
        {
            if (IsLostLayer(step, context)
                && !registeredByName.Contains(step.Member, SymbolEqualityComparer.Default)
                && context.IsOwn(step.Operation!.Syntax)
                && reported.Add(step.Operation))
            {
                context.Report(
                    Rule, step.Operation.Syntax.GetLocation(), [registration.Operation.Syntax.GetLocation()],
                    step.Member!.Name,
                    "gets a layer after RegisterComponents() has run" + (registeredInBase ? $" in '{registration.Operation.SemanticModel?.GetEnclosingSymbol(registration.Operation.Syntax.SpanStart)?.ContainingType?.Name}'" : ""),
                    registeredInBase ? $"call register_module(\"{step.Member.Name}\", {step.Member.Name}) after it" : "assign it before");
            }
        }
    }

    private static ISymbol? HeldMember(IOperation? value)
    {
        while (value is IConversionOperation conversion)
            value = conversion.Operand;
        return (value as IMemberReferenceOperation)?.Member.OriginalDefinition;
    }

    private static bool IsLostLayer(ConstructionEvent step, ModuleWiringContext context) =>
        step is { Kind: ConstructionEventKind.Assign or ConstructionEventKind.Fill, Operation: not null, Member: { } member }
        && !member.IsStatic
        && (step.Kind == ConstructionEventKind.Fill || context.Trainability.IsNew(step.Value))
        && context.Trainability.HoldsParameters(step.Value)
        && IsHeldAsComponent(member, context.Types);

    /// <summary>Whether registration would see the field; a layer in a plain collection is another rule's matter.</summary>
    private static bool IsHeldAsComponent(ISymbol member, KnownTypes types)
    {
        var type = (member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type;
        return types.IsModule(type) || types.IsTensor(type);
    }

    /// <summary>Layers made in <c>forward</c> or another method that no constructor calls, once every constructor has registered.</summary>
    private static void CheckLaterAssignments(ModuleWiringContext context)
    {
        if (context.Type.IsAbstract || !context.Constructions.All(HasRegisteredForCertain))
            return;
        var bodies = context.Source.Bodies(context.Type, context.CancellationToken);
        if (bodies.Any(body => body.DescendantsAndSelf().OfType<IInvocationOperation>().Any(call => ManagesComponents(call, context.Types))))
            return;

        var during = new HashSet<IOperation>(context.Constructions.SelectMany(construction => construction.Events).Select(step => step.Operation).OfType<IOperation>());
        foreach (var body in bodies)
        {
            foreach (var assignment in body.DescendantsAndSelf().OfType<IAssignmentOperation>())
            {
                if (assignment.Target is IMemberReferenceOperation { Instance: IInstanceReferenceOperation, Member: var member }
                    && !during.Contains(assignment)
                    && IsLostLayer(new(ConstructionEventKind.Assign, assignment, member, assignment.Value), context)
                    && !IsInConstructor(body)
                    && !(IsFilled(member, context) && (assignment is ICoalesceAssignmentOperation || IsTableMadeAnew(member, body, context))))
                {
                    context.Report(
                        Rule, assignment.Syntax.GetLocation(), null, member.Name, "gets a layer after RegisterComponents() has run in the constructor",
                        $"make it in the constructor, or call register_module(\"{member.Name}\", {member.Name})");
                }
            }
        }
    }

    /// <summary><c>Linear Head => Linear(8, 2);</c>, which forward calls: another layer in every forward.</summary>
    private static void CheckProperties(ModuleWiringContext context)
    {
        foreach (var property in context.Type.GetMembers().OfType<IPropertySymbol>())
        {
            if (!property.IsStatic && context.Types.IsModule(property.Type) && context.IsOwn(property)
                && property.GetMethod is { IsAbstract: false } getter && context.Source.Body(getter, context.CancellationToken) is { } body
                && body.Descendants().OfType<IReturnOperation>().ToArray() is { Length: 1 } returned && returned[0].ReturnedValue is { } made
                && context.Trainability.IsNew(made) && context.Trainability.HoldsParameters(made)
                && context.Source.References(property, context.CancellationToken).Any(IsRun))
            {
                context.Report(Rule, property.Locations[0], null, property.Name, "makes a new layer each time it is read", "write '{ get; } =' in the place of '=>'");
            }
        }
    }

    private static bool IsRun(IOperation layer) =>
        layer.Parent is IInvocationOperation { TargetMethod.Name: TorchSharpNames.ModuleMembers.Call or TorchSharpNames.ModuleMembers.Forward } call && ReferenceEquals(call.Instance, layer);

    /// <summary>A parameter that the constructor has filled and forward computes again where its input is longer, as sinusoidal positions are: nothing that is to be trained.</summary>
    private static bool IsTableMadeAnew(ISymbol member, IOperation body, ModuleWiringContext context) =>
        context.Types.IsTensor((member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type)
        && (body.SemanticModel?.GetDeclaredSymbol(body.Syntax, context.CancellationToken) as IMethodSymbol)?.Name == TorchSharpNames.ModuleMembers.Forward;

    /// <summary>Whether every constructor puts a value there.</summary>
    private static bool IsFilled(ISymbol member, ModuleWiringContext context) => context.Constructions.All(construction =>
        construction.Events.Any(step => step.Kind == ConstructionEventKind.Assign && SymbolEqualityComparer.Default.Equals(step.Member, member)));

    /// <summary>Registration looks through the fields that an object's own type sees: those that a base class keeps to itself are not among them.</summary>
    private static void CheckPrivateBaseFields(ModuleWiringContext context)
    {
        if (context.Type.IsAbstract || !context.Constructions.All(HasRegisteredForCertain))
            return;
        var steps = context.Constructions.SelectMany(construction => construction.Events).ToArray();
        var registered = steps.Where(step => step.Kind == ConstructionEventKind.RegisterOne).Select(step => HeldMember(step.Value)).ToArray();
        if (registered.Any(member => member is null))
            return;
        foreach (var hidden in steps.Where(step => IsLostLayer(step, context) && step.Kind == ConstructionEventKind.Assign).GroupBy<ConstructionEvent, ISymbol>(step => step.Member!.OriginalDefinition, SymbolEqualityComparer.Default))
        {
            if (IsHiddenFrom(context.Type, hidden.Key) && !registered.Contains(hidden.Key, SymbolEqualityComparer.Default))
            {
                context.Report(
                    Rule, context.Type.Locations[0], [hidden.First().Operation!.Syntax.GetLocation()], hidden.Key.Name,
                    $"is private to '{hidden.Key.ContainingType.Name}', where TorchSharp before {TorchSharpNames.Versions.ManagedLayers.ToString(2)} does not see it from '{context.Type.Name}'",
                    "make it a protected field");
            }
        }
    }

    /// <summary>The field behind a property is private too.</summary>
    private static bool IsHiddenFrom(INamedTypeSymbol type, ISymbol member) =>
        !SymbolEqualityComparer.Default.Equals(member.ContainingType.OriginalDefinition, type.OriginalDefinition)
        && member switch
        {
            IFieldSymbol field => field.DeclaredAccessibility == Accessibility.Private,
            IPropertySymbol property => property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property)),
            _ => false,
        };

    private static bool HasRegisteredForCertain(Construction construction) =>
        construction.Events.Any(step => step is { Kind: ConstructionEventKind.RegisterAll, IsCertain: true })
        && !construction.Events.Any(step => step.Kind == ConstructionEventKind.Unknown);

    private static bool IsInConstructor(IOperation body) => body is IConstructorBodyOperation or ISymbolInitializerOperation;

    /// <summary>Registers by hand, or takes a layer's parameters out by hand.</summary>
    private static bool ManagesComponents(IInvocationOperation call, KnownTypes types) =>
        types.IsFromTorchSharp(call.TargetMethod)
        && types.IsModule(call.TargetMethod.ContainingType)
        && call.TargetMethod.Name is TorchSharpNames.ModuleMembers.RegisterModule or TorchSharpNames.ModuleMembers.AddModule
            or TorchSharpNames.ModuleMembers.RegisterParameter or TorchSharpNames.ModuleMembers.Parameters
            or TorchSharpNames.ModuleMembers.NamedParameters;
}
