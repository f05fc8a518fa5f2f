using GradLint.Analyzers.Framework;
using GradLint.Analyzers.Wiring;
using GradLint.Core.Knowledge;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Rules;

/// <summary>
/// GL6002: layers kept in a plain list, array, dictionary or tuple. Registration looks at fields of module type only,
/// so no optimizer gets their parameters.
/// </summary>
internal sealed class ModulesInPlainCollection : IModuleWiringRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.ModulesInPlainCollection,
        "Layers in a plain collection are never registered",
        "Layers in '{0}' are not registered, so their parameters are never trained: make it a {1}",
        RuleCategory.Wiring,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.ModulesInPlainCollection));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(ModuleWiringContext context)
    {
        var collections = context.Type.GetMembers().Where(member => IsPlainCollection(member, context.Types)).ToArray();
        if (collections.Length == 0)
            return;

        var own = context.Source.Bodies(context.Type, context.CancellationToken);
        var layers = own.Concat(Makers(own, context))
            .SelectMany(body => body.DescendantsAndSelf())
            .Where(operation => operation is IInvocationOperation or IObjectCreationOperation
                && context.Trainability.IsNew(operation)
                && context.Trainability.HoldsParameters(operation));
        var unregistered = layers
            .Select(layer => (Layer: layer, Collection: OnlyHolder(layer, context)))
            .Where(held => held.Collection is not null)
            .ToLookup(held => held.Collection, held => held.Layer.Syntax.GetLocation(), SymbolEqualityComparer.Default);

        foreach (var collection in collections)
        {
            if (unregistered[collection] is var sites && sites.Any())
                context.Report(Rule, collection.Locations[0], sites, collection.Name, IsKeyed(collection) ? "ModuleDict" : "ModuleList");
        }
    }

    /// <summary>Methods elsewhere that the type has its collections of layers from.</summary>
    private static IEnumerable<IOperation> Makers(IEnumerable<IOperation> bodies, ModuleWiringContext context) =>
        bodies.SelectMany(body => body.DescendantsAndSelf()).OfType<IInvocationOperation>()
            .Where(call => call.Type is { } made && !context.Types.IsModule(made) && HoldsModules(made, context.Types))
            .Select(call => call.TargetMethod)
            .Where(method => context.Source.Declares(method) && !SymbolEqualityComparer.Default.Equals(method.ContainingType.OriginalDefinition, context.Type.OriginalDefinition))
            .Distinct<IMethodSymbol>(SymbolEqualityComparer.Default)
            .Select(method => context.Source.Body(method, context.CancellationToken))
            .OfType<IOperation>();

    /// <summary>The plain collection that holds the layer, when nothing else does that could register it or hand out its parameters.</summary>
    private static ISymbol? OnlyHolder(IOperation layer, ModuleWiringContext context)
    {
        ISymbol? holder = null;
        foreach (var sink in context.SinksOf(layer))
        {
            switch (sink.Kind)
            {
                case SinkKind.CollectionMember:
                    holder ??= sink.Member;
                    break;
                // By the method that makes it; what is held and then returned is handed out.
                case SinkKind.Returned when holder is null:
                    break;
                case SinkKind.Receiver when !HandsOutParameters((IInvocationOperation)sink.Operation):
                case SinkKind.SequentialChild or SinkKind.ModuleCollectionChild:
                    break;
                default:
                    return null;
            }
        }

        return holder;
    }

    private static bool HandsOutParameters(IInvocationOperation call) => call.TargetMethod.Name
        is TorchSharpNames.ModuleMembers.Parameters or TorchSharpNames.ModuleMembers.NamedParameters;

    private static bool IsPlainCollection(ISymbol member, KnownTypes types) =>
        !member.IsStatic && !member.IsImplicitlyDeclared && TypeOf(member) is { } type && !types.IsModule(type) && HoldsModules(type, types);

    private static ITypeSymbol? TypeOf(ISymbol member) => (member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type;

    private static bool HoldsModules(ITypeSymbol type, KnownTypes types) => type switch
    {
        IArrayTypeSymbol array => types.IsModule(array.ElementType) || HoldsModules(array.ElementType, types),
        INamedTypeSymbol { TypeKind: not TypeKind.Delegate, TypeArguments.Length: > 0 } generic =>
            generic.TypeArguments.Any(argument => types.IsModule(argument) || HoldsModules(argument, types)),
        _ => false,
    };

    private static bool IsKeyed(ISymbol member) =>
        TypeOf(member) is INamedTypeSymbol { TypeArguments: { Length: 2 } arguments, IsTupleType: false } && arguments[0].SpecialType == SpecialType.System_String;
}
