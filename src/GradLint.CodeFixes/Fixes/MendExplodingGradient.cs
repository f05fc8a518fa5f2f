using GradLint.CodeFixes.Models;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL1002: initialisers that fit the activations, norms before them, or residual connections: whatever is predicted to keep the gradient in the band.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MendExplodingGradient))]
public sealed class MendExplodingGradient() : ModelRemedyFix(RuleIds.ExplodingGradient);
