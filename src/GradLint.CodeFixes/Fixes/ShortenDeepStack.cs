using GradLint.CodeFixes.Models;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL4001: residual connections around layers of equal width, or norms before the activations.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ShortenDeepStack))]
public sealed class ShortenDeepStack() : ModelRemedyFix(RuleIds.DeepPlainStack);
