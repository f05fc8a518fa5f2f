using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Testing;
using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModelAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class InvalidOptionTests
{
    private const string Program = "var x = torch.ones(2);";

    [Theory]
    [InlineData("gradlint.min_gradient_ratio", "0", "a number > 0 and < 1")]
    [InlineData("gradlint.min_gradient_ratio", "1,5", "a number > 0 and < 1")]
    [InlineData("gradlint.max_gradient_ratio", "0.5", "a number > 1")]
    [InlineData("gradlint.max_gradient_ratio", "infinity", "a number > 1")]
    [InlineData("gradlint.preferred_activation", "sigmoid", "one of relu, leaky_relu, prelu, elu, gelu, silu, selu")]
    [InlineData("gradlint.clip_norm", "-1", "a number > 0")]
    [InlineData("gradlint.input_second_moment", "nan", "a number > 0")]
    [InlineData("gradlint.sequence_length", "12.5", "a whole number ≥ 1")]
    public Task ValueOutOfRange_Triggers(string key, string value, string range) => Verify.DiagnosticsWithConfigAsync(
        $"{key} = {value}",
        Program,
        new DiagnosticResult("GL0001", DiagnosticSeverity.Warning)
            .WithNoLocation()
            .WithMessage($"'{key} = {value}' is not valid and the default is used: set it to {range}"));

    [Theory]
    [InlineData("gradlint.min_gradient_ratio", "1e-4")]
    [InlineData("gradlint.max_gradient_ratio", "1E6")]
    [InlineData("gradlint.preferred_activation", "GELU")]
    [InlineData("gradlint.clip_norm", "0.25")]
    [InlineData("gradlint.input_second_moment", "0.1")]
    [InlineData("gradlint.sequence_length", "128")]
    [InlineData("gradlint.not_an_option", "x")]
    public Task ValueInRange_DoesNotTrigger(string key, string value) => Verify.DiagnosticsWithConfigAsync($"{key} = {value}", Program);
}
