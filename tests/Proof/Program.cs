using System.CommandLine;
using GradLint.Proof;

var filter = new Option<string?>("--filter") { Description = "Only cases whose name contains the text." };
var command = new RootCommand("Mends faulty models with every fix on offer and measures them before and after.") { filter };
command.SetAction(async (parsed, _) =>
{
    var held = true;
    foreach (var proofCase in ProofCases.All.Where(one => one.Name.Contains(parsed.GetValue(filter) ?? "", StringComparison.OrdinalIgnoreCase)))
    {
        try
        {
            foreach (var fix in await Proof.OfAsync(proofCase))
            {
                Console.WriteLine(fix);
                held &= fix.Holds;
            }
        }
        catch (ProofException problem)
        {
            Console.WriteLine($"{proofCase.Name,-45} FAILED {problem.Message}");
            held = false;
        }
    }

    return held ? 0 : 1;
});
return await command.Parse(args).InvokeAsync();
