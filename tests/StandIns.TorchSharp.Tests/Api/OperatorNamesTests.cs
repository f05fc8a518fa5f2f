using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using TorchSharp;

namespace StandIns.TorchSharp.Tests.Api;

public unsafe class OperatorNamesTests
{
    /// <summary>Operators are found by name at their first call; a misspelled one is found here instead.</summary>
    [Fact]
    public void EveryOperatorTheStandInNames_IsOneOfLibtorchs()
    {
        StandIn.Required("The original names no operators.");
        var names = Literals().Where(text => text.StartsWith("aten::", StringComparison.Ordinal)).ToList();
        Assert.True(names.Count > 500);
        Assert.All(names, name => Assert.True(Exists(name), $"libtorch has no operator {name}"));
    }

    private static bool Exists(string name)
    {
        int dot = name.IndexOf('.');
        nint operation = Marshal.StringToCoTaskMemUTF8(dot < 0 ? name : name[..dot]), overload = Marshal.StringToCoTaskMemUTF8(dot < 0 ? "" : name[(dot + 1)..]);
        try
        {
            return shim_operator(operation, overload) != 0;
        }
        finally
        {
            Marshal.FreeCoTaskMem(operation);
            Marshal.FreeCoTaskMem(overload);
        }
    }

    private static IEnumerable<string> Literals()
    {
        using var file = new PEReader(File.OpenRead(typeof(torch).Assembly.Location));
        var reader = file.GetMetadataReader();
        for (var handle = MetadataTokens.UserStringHandle(1); !handle.IsNil; handle = reader.GetNextHandle(handle))
            yield return reader.GetUserString(handle);
    }

    [DllImport("TorchSharpShim")] private static extern nint shim_operator(nint name, nint overload);
}
