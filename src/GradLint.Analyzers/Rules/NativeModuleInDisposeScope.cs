using GradLint.Analyzers.Framework;
using GradLint.Analyzers.Wiring;
using GradLint.Core.Knowledge;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Rules;

/// <summary>
/// GL6007: an LSTM, embedding, attention or other native-backed layer made while a <c>NewDisposeScope()</c> is open that
/// it outlives. Closing the scope disposes the parameters: forward and backward still work, but
/// <c>parameters()</c> no longer lists them and no optimizer trains them.
/// </summary>
internal sealed class NativeModuleInDisposeScope : ILayerCreationRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.NativeModuleInDisposeScope,
        "Native-backed layer is made inside a dispose scope",
        "'{0}' is made inside NewDisposeScope(), which takes its parameters along when it closes, so they are never trained: make it outside",
        RuleCategory.Wiring,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.NativeModuleInDisposeScope));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(LayerCreationContext context)
    {
        foreach (var scope in context.Operations.Where(operation => OpensScope(operation, context.Types)))
        {
            var inside = Extent(scope).ToArray();
            if (inside.Any(operation => SavesTensors(operation, context.Types)))
                continue;
            foreach (var creation in inside)
            {
                if (creation is IInvocationOperation or IObjectCreationOperation
                    && MakesNativeLayer(creation, context)
                    && Outlives(creation, scope, context))
                {
                    context.Report(Rule, creation.Syntax.GetLocation(), [scope.Syntax.GetLocation()], creation.Type!.Name);
                }
            }
        }
    }

    private static bool OpensScope(IOperation operation, KnownTypes types)
    {
        var resources = operation switch
        {
            IUsingOperation block => block.Resources,
            IUsingDeclarationOperation declaration => declaration.DeclarationGroup,
            _ => null,
        };
        return resources?.DescendantsAndSelf().OfType<IInvocationOperation>().Any(call =>
            call.TargetMethod.Name == TorchSharpNames.Functions.NewDisposeScope
            && SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, types.Torch)) == true;
    }

    /// <summary>What runs while the scope is open. A lambda runs at another time.</summary>
    private static IEnumerable<IOperation> Extent(IOperation scope) => scope switch
    {
        IUsingOperation block => Inline(block.Body),
        IUsingDeclarationOperation { Parent: { } parent } => parent.ChildOperations
            .SkipWhile(sibling => !ReferenceEquals(sibling, scope)).Skip(1).SelectMany(Inline),
        _ => [],
    };

    private static IEnumerable<IOperation> Inline(IOperation root)
    {
        var pending = new Stack<IOperation>([root]);
        while (pending.Count > 0)
        {
            var operation = pending.Pop();
            if (operation is IAnonymousFunctionOperation or ILocalFunctionOperation)
                continue;
            yield return operation;
            foreach (var child in operation.ChildOperations.Reverse())
                pending.Push(child);
        }
    }

    /// <summary>Whether tensors are taken out of the scope by hand: then the parameters may be among them.</summary>
    private static bool SavesTensors(IOperation operation, KnownTypes types) =>
        operation is IInvocationOperation { TargetMethod: var method }
        && types.IsFromTorchSharp(method)
        && TorchSharpNames.ScopeMembers.TakeOutOfScope.Contains(method.Name);

    private static bool MakesNativeLayer(IOperation creation, LayerCreationContext context) =>
        creation is IInvocationOperation { Instance: null } factory && context.Types.IsFromTorchSharp(factory.TargetMethod) && context.Types.IsNativeBacked(creation.Type)
        || creation is IObjectCreationOperation { Constructor: { } constructor, Type: INamedTypeSymbol type } && context.Types.IsModule(type) && HoldsNativeLayer(type, constructor, context)
        || creation is IInvocationOperation { TargetMethod: { IsVirtual: false, IsAbstract: false, IsOverride: false } maker } && context.Types.IsModule(creation.Type) && Returns(maker, context);

    /// <summary>Whether a method of the program does nothing but make such layers in what it returns, and leaves them in the scope of its caller.</summary>
    private static bool Returns(IMethodSymbol maker, LayerCreationContext context)
    {
        if (context.Source.Body(maker, context.CancellationToken)?.Descendants().ToArray() is not { } body
            || body.Any(operation => OpensScope(operation, context.Types) || SavesTensors(operation, context.Types)))
        {
            return false;
        }

        var returned = body.OfType<IReturnOperation>().Select(result => Unconverted(result.ReturnedValue)).ToArray();
        return returned.Length > 0 && returned.All(value =>
            (value is IObjectCreationOperation || value is IInvocationOperation call && context.Types.IsFromTorchSharp(call.TargetMethod)) && MakesNativeLayer(value, context));
    }

    private static IOperation? Unconverted(IOperation? value) => value is IConversionOperation conversion ? Unconverted(conversion.Operand) : value;

    private static bool HoldsNativeLayer(INamedTypeSymbol type, IMethodSymbol constructor, LayerCreationContext context) =>
        ConstructionTimeline.Of(type, constructor, context.Source, context.Types, context.CancellationToken)
            .Any(step => step.Value?.DescendantsAndSelf().Any(operation =>
                operation is IInvocationOperation { Instance: null } && context.Types.IsNativeBacked(operation.Type)) == true);

    private static bool Outlives(IOperation creation, IOperation scope, LayerCreationContext context) =>
        IsPutIntoOuterLocal(creation, scope)
        || context.SinksOf(creation).Any(sink => IsWithin(sink.Operation, scope) && IsEscape(sink));

    /// <summary>Whether the place lives on: the caller, or this object. A field of some other object may die with the scope.</summary>
    private static bool IsEscape(Sink sink) => sink.Kind switch
    {
        SinkKind.Returned => true,
        SinkKind.Member or SinkKind.CollectionMember or SinkKind.Registered => sink.Operation is
            IAssignmentOperation { Target: IMemberReferenceOperation { Instance: null or IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } } }
            or IInvocationOperation { Instance: IInstanceReferenceOperation or IMemberReferenceOperation { Instance: IInstanceReferenceOperation } },
        _ => false,
    };

    /// <summary>Whether the layer reaches that place while the scope is open.</summary>
    private static bool IsWithin(IOperation operation, IOperation scope)
    {
        var extent = scope is IUsingDeclarationOperation ? scope.Parent!.Syntax : scope.Syntax;
        return extent.SyntaxTree == operation.Syntax.SyntaxTree && extent.Span.Contains(operation.Syntax.Span);
    }

    private static bool IsPutIntoOuterLocal(IOperation creation, IOperation scope)
    {
        var value = creation;
        while (value.Parent is IConversionOperation or IConditionalOperation or ICoalesceOperation)
            value = value.Parent;
        return value.Parent is ISimpleAssignmentOperation { Target: ILocalReferenceOperation { Local: var local } }
            && scope is IUsingOperation
            && !local.DeclaringSyntaxReferences.Any(reference => scope.Syntax.Span.Contains(reference.Span));
    }
}
