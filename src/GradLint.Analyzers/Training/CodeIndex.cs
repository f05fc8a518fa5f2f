using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using GradLint.Core.Knowledge;

namespace GradLint.Analyzers.Training;

/// <summary>
/// Which bodies of code could have to do with training, found by the names in them: those that name a step, a backward
/// or a hook, and those that name one of these. Names only bound the search; what a name means the binding tells.
/// </summary>
internal sealed class CodeIndex
{
    private static readonly HashSet<string> Seeds =
    [
        TorchSharpNames.OptimizerMembers.Step, TorchSharpNames.TensorMembers.Backward,
        TorchSharpNames.ModuleMembers.RegisterForwardHook, TorchSharpNames.ModuleMembers.RegisterForwardPreHook, MonitorNames.Attach,
    ];

    /// <summary>The bodies, those first that no other one names.</summary>
    public IReadOnlyList<SyntaxNode> Bodies { get; }

    public CodeIndex(Compilation compilation, CancellationToken cancellationToken)
    {
        var owners = compilation.SyntaxTrees
            .SelectMany(tree => tree.GetRoot(cancellationToken).DescendantNodes().OfType<SimpleNameSyntax>())
            .Select(name => (Owner: Body(name), Name: name.Identifier.ValueText))
            .Where(pair => pair.Owner is not null)
            .GroupBy(pair => pair.Owner!, pair => pair.Name)
            .ToDictionary(group => group.Key, group => new HashSet<string>(group));

        var related = new HashSet<SyntaxNode>(owners.Where(owner => owner.Value.Overlaps(Seeds)).Select(owner => owner.Key));
        var frontier = new HashSet<string>(related.Select(NameOf));
        while (frontier.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var callers = owners.Where(owner => !related.Contains(owner.Key) && owner.Value.Overlaps(frontier)).Select(owner => owner.Key).ToArray();
            related.UnionWith(callers);
            frontier = [.. callers.Select(NameOf)];
        }

        var named = new HashSet<string>(related.SelectMany(body => owners[body].Where(name => name != NameOf(body))));
        Bodies = [.. related.OrderBy(body => named.Contains(NameOf(body)))];
    }

    private static SyntaxNode? Body(SyntaxNode node)
    {
        for (var current = node; current is not null; current = current.Parent)
        {
            switch (current)
            {
                case BaseMethodDeclarationSyntax or AccessorDeclarationSyntax:
                case ArrowExpressionClauseSyntax { Parent: BasePropertyDeclarationSyntax }:
                    return current;
                case GlobalStatementSyntax:
                    return current.Parent;
                case MemberDeclarationSyntax:
                    return null;
            }
        }

        return null;
    }

    private static string NameOf(SyntaxNode body) => body switch
    {
        MethodDeclarationSyntax method => method.Identifier.ValueText,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.ValueText,
        AccessorDeclarationSyntax { Parent.Parent: PropertyDeclarationSyntax property } => property.Identifier.ValueText,
        ArrowExpressionClauseSyntax { Parent: PropertyDeclarationSyntax property } => property.Identifier.ValueText,
        _ => "",
    };
}
