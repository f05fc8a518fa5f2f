using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace StandIns.TorchSharp.Tests.Api;

/// <summary>
/// A member as the list of TorchSharp's API writes it: modifiers, result, name, parameters with their names and defaults.
/// Annotations of nullability are left out on both sides.
/// </summary>
internal static class Signature
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(char)] = "char",
        [typeof(short)] = "short", [typeof(int)] = "int", [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(uint)] = "uint", [typeof(ushort)] = "ushort",
        [typeof(float)] = "float", [typeof(double)] = "double", [typeof(string)] = "string", [typeof(object)] = "object", [typeof(nint)] = "nint",
    };

    /// <summary>The parameter list: what a caller with named or omitted arguments depends on.</summary>
    public static string ParametersOf(MethodBase method) => $"({string.Join(", ", method.GetParameters().Select(Parameter))})";

    /// <summary>The part of a listed signature that <see cref="ParametersOf"/> gives.</summary>
    public static string ParametersOf(string listed)
    {
        if (listed.IndexOf(" where ", StringComparison.Ordinal) is var constraint and > 0) listed = listed[..constraint];
        int depth = 0, start = listed.Length;
        do
        {
            start--;
            if (listed[start] == ')') depth++;
            if (listed[start] == '(') depth--;
        }
        while (depth > 0);
        return listed[start..].Replace("?", "");
    }

    public static string ModifiersOf(MethodBase method)
    {
        if (method.DeclaringType!.IsInterface) return "";
        string access = method.IsPublic ? "public" : method.IsFamilyOrAssembly ? "protected internal" : "protected";
        if (method.IsStatic) return access + " static";
        if (method.IsAbstract && method.GetBaseDefinitionOf() == method) return access + " abstract";
        if (method.GetBaseDefinitionOf() != method) return access + (method.IsFinal ? " sealed override" : " override");
        return method.IsVirtual && !method.IsFinal ? access + " virtual" : access;
    }

    public static string Of(PropertyInfo property)
    {
        var accessors = new[] { property.GetMethod, property.SetMethod }.OfType<MethodInfo>().Where(a => !a.IsPrivate && !a.IsAssembly && !a.IsFamilyAndAssembly).ToList();
        var widest = accessors.MaxBy(accessor => accessor.IsPublic)!;
        string Accessor(MethodInfo accessor) => (accessor.IsPublic || !widest.IsPublic ? "" : "protected ") + (accessor == property.GetMethod ? "get; " : IsInit(accessor) ? "init; " : "set; ");
        string name = property.GetIndexParameters() is { Length: > 0 } indices ? $"this[{string.Join(", ", indices.Select(Parameter))}]" : property.Name;
        return $"{ModifiersOf(widest)} {Name(property.PropertyType, Names(property))} {Name(property.DeclaringType!, null)}.{name} {{ {string.Concat(accessors.Select(Accessor))}}}".TrimStart();
    }

    public static string Of(FieldInfo field)
    {
        string owner = Name(field.DeclaringType!, null);
        if (field.DeclaringType!.IsEnum) return $"{owner}.{field.Name} = {Convert.ToInt64(field.GetRawConstantValue())}";
        string access = field.IsPublic ? "public" : "protected";
        string kind = field.IsLiteral ? " const" : (field.IsStatic ? " static" : "") + (field.IsInitOnly ? " readonly" : "");
        string text = $"{access}{kind} {Name(field.FieldType, Names(field))} {owner}.{field.Name}";
        return field.IsLiteral ? $"{text} = {Default(field.GetRawConstantValue(), field.FieldType)}" : text;
    }

    public static string ResultOf(MethodInfo method) => Name(method.ReturnType, Names(method.ReturnParameter));

    private static MethodBase GetBaseDefinitionOf(this MethodBase method) => method is MethodInfo info ? info.GetBaseDefinition() : method;

    private static string Parameter(ParameterInfo parameter)
    {
        string prefix = parameter.GetCustomAttribute<ParamArrayAttribute>() is not null ? "params "
            : parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? "ref " : "";
        var type = parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
        string text = $"{prefix}{Name(type, Names(parameter))} {parameter.Name}";
        return parameter.HasDefaultValue ? $"{text} = {Default(parameter.DefaultValue, type)}" : text;
    }

    private static bool IsInit(MethodInfo setter) => setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static IEnumerator<string?>? Names(ICustomAttributeProvider annotated) =>
        annotated.GetCustomAttributes(typeof(TupleElementNamesAttribute), false).OfType<TupleElementNamesAttribute>().FirstOrDefault()?.TransformNames.GetEnumerator();

    private static string Default(object? value, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return value switch
        {
            null when type.IsValueType && !type.IsPrimitive && !type.IsEnum && type.IsByRefLike => $"default({Name(type, null)})",
            null => "null",
            bool b => b ? "true" : "false",
            string s => $"\"{s}\"",
            char c => $"'{c}'",
            _ when type.IsEnum => $"{Name(type, null)}.{Enum.ToObject(type, value)}",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };
    }

    private static string Name(Type type, IEnumerator<string?>? names)
    {
        if (Keywords.TryGetValue(type, out var keyword)) return keyword;
        if (type.IsArray)
        {
            string inner = Name(type.GetElementType()!, names);
            return $"{inner}[{new string(',', type.GetArrayRank() - 1)}]";
        }
        if (Nullable.GetUnderlyingType(type) is { } underlying) return Name(underlying, names);
        if (type.IsGenericParameter) return type.Name;
        if (type.IsGenericType && type is { Namespace: "System" } && type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal))
        {
            var own = type.GetGenericArguments().Select(_ => names is not null && names.MoveNext() ? names.Current : null).ToList();
            return $"({string.Join(", ", type.GetGenericArguments().Zip(own, (t, n) => Name(t, names) + (n is null ? "" : " " + n)))})";
        }
        var arguments = type.GetGenericArguments();
        int used = 0;
        var chain = new List<string>();
        foreach (var part in Chain(type))
        {
            int mark = part.Name.IndexOf('`');
            if (mark < 0)
            {
                chain.Add(part.Name);
                continue;
            }
            int count = int.Parse(part.Name[(mark + 1)..]);
            chain.Add($"{part.Name[..mark]}<{string.Join(", ", arguments.Skip(used).Take(count).Select(a => Name(a, names)))}>");
            used += count;
        }
        return string.Join('.', chain);
    }

    private static IEnumerable<Type> Chain(Type type) =>
        type.DeclaringType is { } outer && !type.IsGenericParameter ? Chain(outer).Append(type) : [type];
}
