using Verify = GradLint.Tests.Framework.VerifyFix<GradLint.Analyzers.ModelAnalyzer, GradLint.CodeFixes.Fixes.InitializeDeepStack>;

namespace GradLint.CodeFixes.Tests.Framework;

public class LineEndingTests
{
    /// <summary>Inserted code ends its lines as the file does.</summary>
    [Fact]
    public Task WindowsFile_StaysOne()
    {
        var fixedProgram = """
            var layers = new List<(string, Module<Tensor, Tensor>)>();
            for (var i = 0; i < 16; i++)
            {
                layers.Add(($"fc{i}", Linear(64, 64)));
                layers.Add(($"act{i}", ReLU())); // rectified
            }

            layers.Add(("head", Linear(64, 10)));
            var net = Sequential(layers);
            // He initialization keeps the scale of signal and gradient through ReLU layers.
            foreach (var (name, parameter) in net.named_parameters())
            {
                if (parameter.dim() > 1 && name != "head.weight")
                    init.kaiming_normal_(parameter, nonlinearity: init.NonlinearityType.ReLU);
            }
            Console.WriteLine(net);
            """.ReplaceLineEndings("\r\n");
        var block = fixedProgram[fixedProgram.IndexOf("// He", StringComparison.Ordinal)..fixedProgram.IndexOf("Console", StringComparison.Ordinal)];
        return Verify.BestAsync(fixedProgram.Replace(block, "", StringComparison.Ordinal).Replace("Linear(64, 64)", "{|GL2001:Linear(64, 64)|}", StringComparison.Ordinal), fixedProgram);
    }
}
