using System;
using System.Reflection;

namespace TorchSharp.Utils;

/// <summary>Registers a field under another name than its own.</summary>
public class ComponentNameAttribute : Attribute
{
    public string? Name { get; set; }
}

internal static class ComponentNames
{
    internal static string ComponentName(this FieldInfo field) =>
        field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name;
}
