using System.Collections.Immutable;
using GradLint.Analyzers.Extraction.Values;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Extraction;

/// <summary>Object creation: field initialisers, constructors and their chains, object and collection initialisers.</summary>
internal sealed partial class Interpreter
{
    private Value EvaluateCreation(IObjectCreationOperation creation)
    {
        var arguments = EvaluateArguments(creation.Arguments);
        var type = creation.Type is null ? null : _frame.Substitute(creation.Type) as INamedTypeSymbol;
        if (type is null || creation.Constructor is null)
            return Unknown("does not compile", creation);

        Value created;
        if (_source.Declares(type))
            created = Create(type, creation.Constructor, arguments, creation);
        else if (_types.IsFromTorchSharp(type))
            created = CreateTorch(type, arguments, creation);
        else if (IsWrapper(type))
            created = CreateWrapper(type, arguments, creation);
        else
            created = CreateSystem(type, arguments, creation);

        WriteBack(arguments);
        Initialize(created, creation.Initializer);
        return created;
    }

    private Value CreateTypeArgument(ITypeParameterObjectCreationOperation creation)
    {
        if (creation.Type is null || _frame.Substitute(creation.Type) is not INamedTypeSymbol type || !_source.Declares(type))
            return Unknown("is of a type that only the caller knows", creation);

        var constructor = type.InstanceConstructors.FirstOrDefault(candidate => candidate.Parameters.IsEmpty);
        var created = constructor is null ? Unknown("has no constructor without parameters", creation) : Create(type, constructor, Arguments.None, creation);
        Initialize(created, creation.Initializer);
        return created;
    }

    /// <summary>A new object of a type in source.</summary>
    public Value Create(INamedTypeSymbol type, IMethodSymbol constructor, Arguments arguments, IOperation? place)
    {
        var origin = place is null ? OriginOf(type.Locations[0]) : OriginOf(place);
        if (_callDepth >= _budget.CallDepth)
            return Unknown("is constructed too deeply to be followed", origin);
        if (!_types.IsModule(type))
        {
            var plain = Remember(new ObjectValue(type));
            Construct(plain, type, constructor, arguments);
            return plain;
        }

        CountModule();
        var module = new ModuleValue(type, layer: null, ContainerOf(type), LayerArguments.Empty, origin);
        Remember(module);
        Construct(module, type, constructor, arguments);
        return module;
    }

    private void CountModule()
    {
        if (++_modules > _budget.Modules)
            throw new BudgetExceededException("constructs too many modules to be followed");
    }

    /// <summary>Runs a constructor of <paramref name="type"/>, which the object's type is or derives from.</summary>
    private void Construct(ObjectValue instance, INamedTypeSymbol type, IMethodSymbol constructor, Arguments arguments)
    {
        var frame = new Frame(instance, _journal.Mark) { Method = constructor.OriginalDefinition };
        BindTypeArguments(frame, constructor, instance);
        Declare(frame, constructor, arguments);

        _callDepth++;
        try
        {
            if (_callDepth <= _budget.CallDepth)
                InFrame(frame, () => RunConstructor(instance, type, constructor));
        }
        finally
        {
            _callDepth--;
        }
    }

    private Completion RunConstructor(ObjectValue instance, INamedTypeSymbol type, IMethodSymbol constructor)
    {
        var declaration = constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(_cancellationToken);
        if (declaration is TypeDeclarationSyntax primary)
            return RunPrimaryConstructor(instance, type, constructor, primary);

        var body = declaration is null ? null : _source.Body(constructor, _cancellationToken) as IConstructorBodyOperation;
        var chained = ChainedCall(body?.Initializer);
        if (chained is not null && IsSame(chained.TargetMethod.ContainingType, type))
        {
            Construct(instance, type, chained.TargetMethod, EvaluateArguments(chained.Arguments));
        }
        else
        {
            InitializeFields(instance, type);
            ConstructBase(instance, type, chained);
        }

        var completion = Execute(body);
        MeetExits(Completion.Return, 0, completion != Completion.Throw);
        return completion;
    }

    private Completion RunPrimaryConstructor(ObjectValue instance, INamedTypeSymbol type, IMethodSymbol constructor, TypeDeclarationSyntax declaration)
    {
        // Members other than initialisers read the parameters from the object.
        foreach (var parameter in constructor.OriginalDefinition.Parameters)
        {
            if (_frame.Find(parameter) is { } cell)
                _journal.Write(instance.Field(parameter), cell.Value);
        }

        InitializeFields(instance, type);
        if (type.IsRecord)
            SetRecordProperties(instance, type, constructor);

        var baseCall = declaration.BaseList?.Types.OfType<PrimaryConstructorBaseTypeSyntax>().FirstOrDefault();
        ConstructBase(instance, type, ChainedCall(baseCall is null ? null : _source.Operation(baseCall, _cancellationToken)));
        return Completion.Normal;
    }

    private void SetRecordProperties(ObjectValue instance, INamedTypeSymbol type, IMethodSymbol constructor)
    {
        foreach (var parameter in constructor.OriginalDefinition.Parameters)
        {
            var property = type.OriginalDefinition.GetMembers(parameter.Name).OfType<IPropertySymbol>().FirstOrDefault();
            if (property is not null && BackingField(property) is { } field && _frame.Find(parameter) is { } cell)
                _journal.Write(instance.Field(field), cell.Value);
        }
    }

    private static IInvocationOperation? ChainedCall(IOperation? initializer) => initializer switch
    {
        IExpressionStatementOperation statement => statement.Operation as IInvocationOperation,
        IInvocationOperation invocation => invocation,
        _ => null,
    };

    private void ConstructBase(ObjectValue instance, INamedTypeSymbol type, IInvocationOperation? chained)
    {
        if (type.BaseType is not { } baseType)
            return;

        var arguments = chained is null ? Arguments.None : EvaluateArguments(chained.Arguments);
        if (!_source.Declares(baseType))
        {
            if (instance is ModuleValue { Container: not ContainerKind.None } container && IsModuleContainer(baseType) is not null)
                FillContainer(container, arguments.All.Select(argument => argument.Value), OriginOf(type.Locations[0]));
            return;
        }

        var constructor = chained?.TargetMethod ?? baseType.InstanceConstructors.FirstOrDefault(candidate => candidate.Parameters.All(parameter => parameter.IsOptional));
        if (constructor is not null)
            Construct(instance, baseType, constructor, arguments);
    }

    private void InitializeFields(ObjectValue instance, INamedTypeSymbol type)
    {
        foreach (var field in type.OriginalDefinition.GetMembers().OfType<IFieldSymbol>())
        {
            if (field.IsStatic || field.IsConst)
                continue;
            if (_source.Initializer(field.AssociatedSymbol ?? field, _cancellationToken) is ISymbolInitializerOperation initializer)
                _journal.Write(instance.Field(field), Evaluate(initializer.Value));
        }
    }

    private void Initialize(Value created, IObjectOrCollectionInitializerOperation? initializer)
    {
        if (initializer is null)
            return;

        _frame.ImplicitReceivers.Push(created);
        try
        {
            foreach (var element in initializer.Initializers)
            {
                if (element is IMemberInitializerOperation nested)
                    Initialize(Evaluate(nested.InitializedMember), nested.Initializer);
                else
                    Evaluate(element);
            }
        }
        finally
        {
            _frame.ImplicitReceivers.Pop();
        }
    }
}
