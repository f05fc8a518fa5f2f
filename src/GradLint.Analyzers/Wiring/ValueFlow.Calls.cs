using GradLint.Core.Knowledge;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Member = GradLint.Core.Knowledge.TorchSharpNames.ModuleMembers;

namespace GradLint.Analyzers.Wiring;

/// <summary>Where a value goes that is an argument or the receiver of a call.</summary>
internal sealed partial class ValueFlow
{
    private void FollowArgument(IArgumentOperation argument, bool isElement)
    {
        switch (argument.Parent)
        {
            case IInvocationOperation call:
                FollowCallArgument(call, argument, isElement);
                break;
            case IObjectCreationOperation creation:
                FollowConstructorArgument(creation, argument, isElement);
                break;
            case IPropertyReferenceOperation:
                break;
            default:
                Add(SinkKind.Unknown, argument);
                break;
        }
    }

    private void FollowCallArgument(IInvocationOperation call, IArgumentOperation argument, bool isElement)
    {
        var method = call.TargetMethod;
        if (types.IsFromTorchSharp(method))
        {
            FollowTorchSharpCall(call);
            return;
        }

        if (source.Declares(method))
        {
            FollowParameter(method, argument.Parameter, isElement);
            return;
        }

        // Of the base library: a collection takes it in (`Add`), or LINQ hands it to a lambda or passes it on.
        if (call.Instance is { } collection && MayHold(collection.Type))
            FollowInto(collection, call);
        if (isElement)
            FollowLambdas(call);
        if (MayHold(call.Type))
            Follow(call, isElement: !IsHeld(call.Type));
    }

    /// <summary>The elements of a collection become the parameters of the lambdas in a call: <c>layers.ForEach(layer => …)</c>.</summary>
    private void FollowLambdas(IInvocationOperation call)
    {
        foreach (var lambda in call.Descendants().OfType<IAnonymousFunctionOperation>())
        {
            foreach (var parameter in lambda.Symbol.Parameters.Where(parameter => MayHold(parameter.Type)))
                FollowLocal(parameter, lambda, isElement: !IsHeld(parameter.Type));
        }
    }

    private void FollowTorchSharpCall(IInvocationOperation call)
    {
        var container = call.Instance?.Type ?? call.TargetMethod.ReturnType;
        if (types.IsSequential(container))
            FollowIntoContainer(SinkKind.SequentialChild, call);
        else if (types.IsModuleList(container) || types.IsModuleDict(container))
            FollowIntoContainer(SinkKind.ModuleCollectionChild, call);
        else if (call.TargetMethod.Name is Member.RegisterModule or Member.AddModule or Member.RegisterParameter)
            Add(SinkKind.Registered, call);
        else if (types.IsParameter(container))
            Follow(call, isElement: false);
        else
            Add(SinkKind.Unknown, call);
    }

    /// <summary>The value is a child of a container now: follows the container, which registers it where it is registered itself.</summary>
    private void FollowIntoContainer(SinkKind kind, IInvocationOperation call)
    {
        Add(kind, call);
        Follow(call, isElement: false);
        switch (call.Instance)
        {
            case ILocalReferenceOperation local:
                FollowLocal(local.Local, call, isElement: false);
                break;
            case IMemberReferenceOperation { Member: IFieldSymbol or IPropertySymbol } member:
                Add(SinkKind.Member, call, member.Member.OriginalDefinition);
                break;
            case IInvocationOperation or IObjectCreationOperation or null:
                break;
            default:
                Add(SinkKind.Unknown, call);
                break;
        }
    }

    private void FollowConstructorArgument(IObjectCreationOperation creation, IArgumentOperation argument, bool isElement)
    {
        if (types.IsModuleList(creation.Type) || types.IsModuleDict(creation.Type))
        {
            Add(SinkKind.ModuleCollectionChild, creation);
            Follow(creation, isElement: false);
        }
        else if (creation.Constructor is { } constructor && source.Declares(constructor))
        {
            FollowParameter(constructor, argument.Parameter, isElement);
        }
        else if (isElement && creation.Type?.SpecialType != SpecialType.System_Object && !types.IsModule(creation.Type))
        {
            // `new List<Module>(layers)`
            Follow(creation, isElement: true);
        }
        else
        {
            Add(SinkKind.Unknown, creation);
        }
    }

    private void FollowParameter(IMethodSymbol method, IParameterSymbol? parameter, bool isElement)
    {
        if (parameter is null || source.Body(method, cancellationToken) is not { } body)
        {
            // A primary constructor's parameters are captured without a body to read.
            Add(SinkKind.Unknown, _visited.Last().Item1);
            return;
        }

        FollowLocal(method.OriginalDefinition.Parameters[parameter.Ordinal], body, isElement || parameter.IsParams);
    }

    private void FollowReceiver(IInvocationOperation call, bool isElement)
    {
        Add(SinkKind.Receiver, call);

        // `layer.to(device)` and `sequential.append(…)` return their receiver; of a collection, the elements go on.
        if (isElement)
            FollowLambdas(call);
        if (isElement ? MayHold(call.Type) : types.IsModule(call.Type) && types.IsFromTorchSharp(call.TargetMethod))
            Follow(call, isElement: !IsHeld(call.Type));
    }

    private void FollowConditionalAccess(IConditionalAccessOperation access)
    {
        if (access.WhenNotNull is IInvocationOperation call)
            Add(SinkKind.Receiver, call);
    }
}
