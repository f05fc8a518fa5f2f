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
