using GradLint.CodeFixes.Models;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL2004: the initialiser whose scale keeps signal and gradient, in place of a scale written by hand.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UseCriticalScale))]
public sealed class UseCriticalScale() : ModelRemedyFix(RuleIds.InitialScaleFarFromCritical);
