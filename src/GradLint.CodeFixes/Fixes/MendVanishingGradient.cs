using GradLint.CodeFixes.Models;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL1001: another activation in all of the chain with the initialiser that fits it, norms before the activations, or residual connections: whatever is predicted to let the gradient through.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MendVanishingGradient))]
public sealed class MendVanishingGradient() : ModelRemedyFix(RuleIds.VanishingGradient);
