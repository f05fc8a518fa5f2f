using GradLint.Analyzers.Framework;
using GradLint.Analyzers.Training;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;

namespace GradLint.Analyzers.Rules;

/// <summary>GL5008: <c>forward</c> is called on a module that hooks or a monitor are attached to; they fire through <c>call</c> only.</summary>
internal sealed class ForwardBypassesHooks : ITrainingLoopRule
{
    private static readonly DiagnosticDescriptor Rule = new(
        RuleIds.ForwardBypassesHooks,
        "Calling forward() bypasses the hooks of the module",
        "Hooks are attached to this module by '{1}' and fire through 'call' only: write 'call' in the place of '{0}'",
        RuleCategory.TrainingLoop,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        helpLinkUri: HelpLinks.For(RuleIds.ForwardBypassesHooks));

    public DiagnosticDescriptor Descriptor => Rule;

    public void Check(TrainingLoopContext context)
    {
        var reported = new HashSet<SyntaxNode>();
        foreach (var forward in context.Events(TrainingEventKind.ForwardCall))
        {
            var hook = forward.Trace.Events.TakeWhile(item => item != forward)
                .FirstOrDefault(item => item.Kind == TrainingEventKind.Hook && item.Subject.IsSurely(forward.Subject));
            if (hook is null || !reported.Add(forward.Operation.Syntax))
                continue;
            context.Report(Diagnostic.Create(
                Rule,
                forward.Operation.Syntax.GetLocation(),
                [hook.Operation.Syntax.GetLocation()],
                forward.Operation.Syntax.ToString(),
                hook.Operation.Syntax.ToString()));
        }
    }
}
