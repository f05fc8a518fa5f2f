using GradLint.Tests.Framework;
using Verify = GradLint.Tests.Framework.Verify<GradLint.Analyzers.ModelAnalyzer>;

namespace GradLint.Analyzers.Tests.Rules;

public class UninitializedGroupNormTests
{
    [Fact]
    public Task GroupNorm_Triggers() => Verify.DiagnosticsAsync("""
        var net = Sequential(Conv2d(3, 16, 3), {|GL2007:GroupNorm(4, 16)|}, ReLU());
        """);

    [Theory]
    [InlineData(104)]
    [InlineData(107)]
    public Task VersionsThatLeaveItUninitialized_Trigger(byte minor) => WithTorchSharp(minor, """
        var net = Sequential(Conv2d(3, 16, 3), {|GL2007:GroupNorm(4, 16)|}, ReLU());
        """);

    [Theory]
    [InlineData(103)]
    [InlineData(108)]
    public Task OtherVersions_DoNotTrigger(byte minor) => WithTorchSharp(minor, """
        var net = Sequential(Conv2d(3, 16, 3), GroupNorm(4, 16), ReLU());
        """);

    [Fact]
    public Task InitializedGroupNorm_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var norm = GroupNorm(4, 16);
        init.ones_(norm.weight);
        init.zeros_(norm.bias);
        var net = Sequential(Conv2d(3, 16, 3), norm, ReLU());
        """);

    [Fact]
    public Task GroupNormWithoutAffine_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var net = Sequential(Conv2d(3, 16, 3), GroupNorm(4, 16, affine: false), ReLU());
        """);

    [Fact]
    public Task BatchNorm_DoesNotTrigger() => Verify.DiagnosticsAsync("""
        var net = Sequential(Conv2d(3, 16, 3), BatchNorm2d(16), ReLU());
        """);

    private static Task WithTorchSharp(byte minor, string program) => new ProgramTest<ModelAnalyzer>(program).WithTorchSharp(minor).RunAsync();
}
