using System.Globalization;

namespace GradLint.Runtime;

internal static class Option
{
    /// <exception cref="ArgumentException">Names the option, the value it has and the values it may have.</exception>
    public static void Require(bool holds, string name, object? value, string range)
    {
        if (!holds)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name} is {value}; it must be {range}."), name);
    }
}
