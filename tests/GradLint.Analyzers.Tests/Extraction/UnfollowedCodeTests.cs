using GradLint.Core.Model;

namespace GradLint.Analyzers.Tests.Extraction;

/// <summary>What code that is not followed may have changed is unknown: a default or a number that is no longer there is never reported.</summary>
public class UnfollowedCodeTests
{
    [Theory]
    [InlineData("foreach (var p in parameters().OrderBy(p => p.numel())) if (p.dim() > 1) init.kaiming_normal_(p);")]
    [InlineData("foreach (var (name, p) in named_parameters().OrderByDescending(q => q.name)) if (name == \"fc.weight\") init.kaiming_normal_(p);")]
    [InlineData("foreach (var l in modules().OfType<Linear>().Distinct().ToHashSet()) init.kaiming_normal_(l.weight);")]
    [InlineData("foreach (var group in modules().OfType<Linear>().GroupBy(l => l.out_features)) foreach (var l in group) init.kaiming_normal_(l.weight);")]
    [InlineData("foreach (var chunk in modules().OfType<Linear>().Chunk(2)) foreach (var l in chunk) init.kaiming_normal_(l.weight);")]
    [InlineData("foreach (var (name, p) in state_dict()) if (name.EndsWith(\"weight\")) init.kaiming_normal_(p);")]
    [InlineData("init.kaiming_normal_(state_dict()[\"fc.weight\"]);")]
    [InlineData("foreach (var p in parameters().ToArray().AsSpan()) if (p.dim() > 1) init.kaiming_normal_(p);")]
    [InlineData("var queue = new Queue<Parameter>(parameters()); while (queue.TryDequeue(out var p)) if (p.dim() > 1) init.kaiming_normal_(p);")]
    [InlineData("Array.ForEach(new[] { fc }, l => init.kaiming_normal_(l.weight));")]
    [InlineData("new[] { fc }.AsParallel().ForAll(l => init.kaiming_normal_(l.weight));")]
    [InlineData("Parallel.ForEach(parameters(), p => { if (p.dim() > 1) init.kaiming_normal_(p); });")]
    [InlineData("var all = new[] { fc }; Parallel.For(0, all.Length, i => init.kaiming_normal_(all[i].weight));")]
    [InlineData("init.kaiming_normal_(fc.weight.T);")]
    public void FollowedInitializer_ReachesTheWeight(string statement)
    {
        var weight = ScaledWeight.Extract(statement).Parameters[0];
        Assert.Equal("fc.weight", weight.Path);
        Assert.True(weight.Initialization.Kind is InitializerKind.KaimingNormal || statement.Contains(".T)", StringComparison.Ordinal), $"{weight.Initialization.Kind}");
        Assert.NotEqual(InitializerKind.DefaultFanIn, weight.Initialization.Kind);
    }

    [Theory]
    [InlineData("foreach (var l in modules().OfType<Linear>().DistinctBy(l => l.GetHashCode())) init.kaiming_normal_(l.weight);")]
    [InlineData("foreach (var l in from m in modules() where m is Linear orderby m.GetName() select (Linear)m) init.kaiming_normal_(l.weight);")]
    [InlineData("var each = named_parameters().GetEnumerator(); while (each.MoveNext()) if (each.Current.parameter.dim() > 1) init.kaiming_normal_(each.Current.parameter);")]
    [InlineData("var all = new System.Collections.Concurrent.ConcurrentBag<Linear>(); all.Add(fc); foreach (var l in all) l.weight.normal_(0, 0.1);")]
    [InlineData("var all = new SortedList<int, Linear> { { 1, fc } }; foreach (var (_, l) in all) l.weight.fill_(1);")]
    [InlineData("var all = new[] { fc, head }; init.kaiming_normal_(all[new Random().Next(2)].weight);")]
    [InlineData("foreach (var l in new[] { fc }.OrderBy(l => l.GetHashCode())) l.weight = Parameter(torch.zeros(4, 4));")]
    [InlineData("foreach (var l in new[] { fc }.OrderBy(l => l.GetHashCode())) l.weight[0] = torch.zeros(4);")]
    [InlineData("foreach (var l in new[] { fc }.OrderBy(l => l.GetHashCode())) l.weight.view(-1).fill_(1);")]
    [InlineData("foreach (var l in new[] { fc }.OrderBy(l => l.GetHashCode())) l.apply(m => init.kaiming_normal_(((Linear)m).weight));")]
    [InlineData("new[] { fc }.OrderBy(l => l.GetHashCode()).ToList().ForEach(l => init.kaiming_normal_(l.weight));")]
    [InlineData("System.Threading.Tasks.Task.Run(() => { init.kaiming_normal_(fc.weight); }).Wait();")]
    [InlineData("new System.Threading.Thread(() => init.kaiming_normal_(fc.weight)).Start();")]
    [InlineData("torch.chunk(fc.weight, 2)[0].fill_(1);")]
    public void InitializerOfSomethingUnknown_MayBeOfAnyWeight(string statement) =>
        Assert.Equal(InitializerKind.Unknown, ScaledWeight.Extract(statement).Parameters[0].Initialization.Kind);

    [Theory]
    [InlineData("var batch = torch.utils.data.DataLoader((torch.utils.data.Dataset)null, 1); foreach (var x in batch) x[\"data\"].div_(255);")]
    [InlineData("foreach (var p in parameters().OrderBy(p => p.GetHashCode())) { p.grad?.zero_(); p.requires_grad_(true); }")]
    [InlineData("Console.WriteLine(string.Join(\", \", parameters().Select(p => p.numel())));")]
    [InlineData("System.Threading.Tasks.Task.Run(() => Console.WriteLine(fc.weight)).Wait();")]
    public void WhatLeavesWeightsAlone_LeavesThemKnown(string statement) =>
        Assert.Equal(InitializerKind.DefaultFanIn, ScaledWeight.Extract(statement).Parameters[0].Initialization.Kind);

    [Theory]
    [InlineData("Array.Fill(std, 0.17);")]
    [InlineData("Array.Fill(std, 0.17, 0, 2);")]
    [InlineData("std[2] = 0.17; Array.Reverse(std);")]
    [InlineData("std.AsSpan().Fill(0.17);")]
    [InlineData("Span<double> span = std; span[0] = 0.17;")]
    [InlineData("Array.Copy(new[] { 0.17, 0.2 }, std, 1);")]
    [InlineData("new[] { 0.17, 0.2 }.CopyTo(std, 0);")]
    [InlineData("new[] { 0.17, 0.2 }.AsSpan().CopyTo(std);")]
    [InlineData("std[1] = std[2] = 1; std[0] = 3; std = std.Select(s => s * 0.17).ToArray(); Array.Sort(std);")]
    [InlineData("Array.Sort(std, (a, b) => 1); std[0] += 0.17;")]
    [InlineData("new Random(1).Shuffle(std);")]
    [InlineData("Buffer.BlockCopy(new[] { 0.17 }, 0, std, 0, 8);")]
    [InlineData("System.Threading.Tasks.Task.Run(() => std[0] = 0.17).Wait();")]
    [InlineData("var lazy = new Lazy<double>(() => { std[0] = 0.17; return 1; }); Console.WriteLine(lazy.Value);")]
    [InlineData("Array.ForEach(new[] { 0.17 }, s => std[0] = s);")]
    [InlineData("System.Threading.Tasks.Parallel.For(0, 3, i => std[i] = 0.17);")]
    [InlineData("double.TryParse(\"0.17\", out std[0]);")]
    [InlineData("System.Threading.Interlocked.Exchange(ref std[0], 0.17);")]
    [InlineData("Array.Resize(ref std, 5); Array.Fill(std, 0.17);")]
    public void ChangedArray_IsNeverReadAsItWas(string statement) =>
        ScaledWeight.AssertNeverRead("var std = new double[3] { 1e-8, 1e-8, 1e-8 }; " + statement, "std[0]");

    [Theory]
    [InlineData("foreach (var c in all.OrderBy(c => c.GetHashCode())) c.Std = 0.17;")]
    [InlineData("foreach (var c in all.OrderBy(c => c.GetHashCode())) c.Kept *= 17e6;", "Kept")]
    [InlineData("foreach (var c in all.OrderBy(c => c.GetHashCode())) c.Fit();")]
    public void FieldOfSomethingUnknown_MayBeThatOfAnyObject(string statement, string member = "Std") => ScaledWeight.AssertNeverRead(
        "var all = new List<Config> { new Config() }; " + statement, $"all[0].{member}",
        types: "public class Config { public double Std = 1e-8; public double Kept { get; set; } = 1e-8; public void Fit() => Std = 0.17; }");

    [Fact]
    public void ArrayThatIsOnlyRead_StaysKnown()
    {
        var weight = ScaledWeight.Extract("var std = new double[] { 0.17 }; Console.WriteLine(string.Join(\", \", std)); Array.IndexOf(std, 0.17); init.normal_(fc.weight, 0, std[0]);").Parameters[0];
        Assert.Equal(0.17, weight.Initialization.Arguments.Number("std"));
    }
}
