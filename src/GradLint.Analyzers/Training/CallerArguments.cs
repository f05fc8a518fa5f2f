using GradLint.Analyzers.Framework;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Training;

/// <summary>What a method is given for a parameter by all the code that calls it.</summary>
internal sealed class CallerArguments(SourceOperations source, CancellationToken cancellationToken)
{
    private const int CallerLimit = 8;

    /// <summary>The arguments, or null where others may call it too: through an interface, a base type or a delegate, or there are too many.</summary>
    public IReadOnlyList<IOperation>? Of(IParameterSymbol parameter)
    {
        if (parameter.ContainingSymbol is not IMethodSymbol { MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction } method
            || method.IsVirtual || method.IsAbstract || method.IsOverride || !source.Declares(method) || ImplementsInterface(method))
        {
            return null;
        }

        var arguments = source.Calls(method, cancellationToken).Take(CallerLimit + 1)
            .Select(call => call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == parameter.Ordinal)?.Value)
            .ToArray();
        var known = arguments.OfType<IOperation>().ToArray();
        return known.Length is 0 or > CallerLimit || known.Length < arguments.Length ? null : known;
    }

    private static bool ImplementsInterface(IMethodSymbol method) =>
        method.ContainingType is { } type
        && type.AllInterfaces.SelectMany(implemented => implemented.GetMembers(method.Name))
            .Any(member => SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(member), method));
}
