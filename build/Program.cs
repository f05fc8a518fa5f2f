using System.CommandLine;
using GradLint.Build;
using GradLint.Build.Setup;
using GradLint.Build.Verbs;

var setup = new SetupOptions();
var root = new RootCommand("Builds, tests and demonstrates GradLint. Each verb first sets up what it needs: dotnet run --project build -- VERB")
{
    DemoVerb.Create(setup),
    TestVerb.Create(setup),
    PackVerb.Create(setup),
    BenchVerb.Create(setup),
    AccuracyVerb.Create(setup),
    DocsVerb.Create(),
    FixesVerb.Create(setup),
};
setup.AddTo(root);

try
{
    var parsed = root.Parse(args);
    if (parsed.Errors.Count > 0)
        throw new BuildFailure($"{parsed.Errors[^1].Message.Split('\n')[0].Trim()} See: dotnet run --project build -- --help");
    return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (BuildFailure failure)
{
    Console.Error.WriteLine($"error: {failure.Message}");
    return 1;
}
catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"error: {failure.Message} Look at the disk and at who owns the folder.");
    return 1;
}
