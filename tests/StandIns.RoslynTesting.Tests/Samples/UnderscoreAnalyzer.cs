using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace StandIns.RoslynTesting.Tests.Samples;

/// <summary>Reports classes whose name starts with an underscore, with their base types as additional locations.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public class UnderscoreAnalyzer : DiagnosticAnalyzer
{
    public const string Id = "UNDER1";

    public static readonly DiagnosticDescriptor Rule = new(Id, "Underscore", "Class '{0}' starts with {1}", "Naming", DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSyntaxNodeAction(AnalyzeClass, SyntaxKind.ClassDeclaration);
    }

    protected static Diagnostic? Find(SyntaxNode node)
    {
        var type = (ClassDeclarationSyntax)node;
        string name = type.Identifier.Text;
        if (!name.StartsWith('_'))
            return null;
        var baseTypes = type.BaseList?.Types.Select(baseType => baseType.GetLocation()) ?? [];
        return Diagnostic.Create(Rule, type.Identifier.GetLocation(), baseTypes, name, "an underscore");
    }

    private static void AnalyzeClass(SyntaxNodeAnalysisContext context)
    {
        if (Find(context.Node) is { } diagnostic)
            context.ReportDiagnostic(diagnostic);
    }
}

/// <summary>The same, but says nothing about generated code, so that Roslyn analyses it and reports on it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnderscoreEverywhereAnalyzer : UnderscoreAnalyzer
{
    public override void Initialize(AnalysisContext context)
    {
        context.RegisterSyntaxNodeAction(
            nodeContext =>
            {
                if (Find(nodeContext.Node) is { } diagnostic)
                    nodeContext.ReportDiagnostic(diagnostic);
            },
            SyntaxKind.ClassDeclaration);
    }
}

/// <summary>The same, but at the end of the compilation, where no editor can offer a fix.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnderscoreAtEndAnalyzer : UnderscoreAnalyzer
{
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationAction(compilationContext =>
        {
            foreach (var tree in compilationContext.Compilation.SyntaxTrees)
            {
                foreach (var node in tree.GetRoot().DescendantNodes().OfType<ClassDeclarationSyntax>())
                {
                    if (Find(node) is { } diagnostic)
                        compilationContext.ReportDiagnostic(diagnostic);
                }
            }
        });
    }
}

[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ThrowingAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [UnderscoreAnalyzer.Rule];

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSyntaxNodeAction(_ => throw new NotSupportedException("sample crash"), SyntaxKind.ClassDeclaration);
    }
}

[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TwoRulesAnalyzer : UnderscoreAnalyzer
{
    private static readonly DiagnosticDescriptor second = new("UNDER2", "Second", "Second", "Naming", DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule, second];
}

/// <summary>Reports each class twice, at the same place.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TwiceAnalyzer : UnderscoreAnalyzer
{
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSyntaxNodeAction(
            node =>
            {
                var location = ((ClassDeclarationSyntax)node.Node).Identifier.GetLocation();
                node.ReportDiagnostic(Diagnostic.Create(Rule, location, "A", "1"));
                node.ReportDiagnostic(Diagnostic.Create(Rule, location, "A", "2"));
            },
            SyntaxKind.ClassDeclaration);
    }
}

/// <summary>Cannot be silenced.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnconfigurableAnalyzer : DiagnosticAnalyzer
{
    private static readonly DiagnosticDescriptor rule = new("UNDER3", "Underscore", "Underscore", "Naming", DiagnosticSeverity.Warning, isEnabledByDefault: true, customTags: WellKnownDiagnosticTags.NotConfigurable);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [rule];

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSyntaxNodeAction(node => node.ReportDiagnostic(Diagnostic.Create(rule, node.Node.GetLocation())), SyntaxKind.ClassDeclaration);
    }
}

/// <summary>Says how many lines precede a class, so that one line more changes what it reports.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LineCountingAnalyzer : DiagnosticAnalyzer
{
    private static readonly DiagnosticDescriptor rule = new("LINE1", "First line", "Class in the first line", "Naming", DiagnosticSeverity.Warning, isEnabledByDefault: true);

    private static readonly DiagnosticDescriptor second = new("LINE2", "Second line", "Class in another line", "Naming", DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [rule, second];

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSyntaxNodeAction(
            node =>
            {
                var location = ((ClassDeclarationSyntax)node.Node).Identifier.GetLocation();
                node.ReportDiagnostic(Diagnostic.Create(location.GetLineSpan().StartLinePosition.Line == 0 ? rule : second, location));
            },
            SyntaxKind.ClassDeclaration);
    }
}

/// <summary>Reports the value of <c>sample.message</c> in .editorconfig and the first additional file's text, at each class.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ConfiguredAnalyzer : DiagnosticAnalyzer
{
    public static readonly DiagnosticDescriptor Rule = new("CONF1", "Configured", "{0} {1}", "Naming", DiagnosticSeverity.Info, isEnabledByDefault: false);

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSyntaxNodeAction(
            node =>
            {
                node.Options.AnalyzerConfigOptionsProvider.GetOptions(node.Node.SyntaxTree).TryGetValue("sample.message", out string? message);
                string? text = node.Options.AdditionalFiles.FirstOrDefault()?.GetText()?.ToString();
                node.ReportDiagnostic(Diagnostic.Create(Rule, ((ClassDeclarationSyntax)node.Node).Identifier.GetLocation(), message ?? "unset", text ?? "no file"));
            },
            SyntaxKind.ClassDeclaration);
    }
}

/// <summary>Silences the compiler's CS0169, "field is never used".</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnusedFieldSuppressor : DiagnosticSuppressor
{
    private static readonly SuppressionDescriptor suppression = new("SUPP1", "CS0169", "Sample");

    public override ImmutableArray<SuppressionDescriptor> SupportedSuppressions => [suppression];

    public override void ReportSuppressions(SuppressionAnalysisContext context)
    {
        foreach (var diagnostic in context.ReportedDiagnostics)
            context.ReportSuppression(Suppression.Create(suppression, diagnostic));
    }
}
