using GradLint.CodeFixes.Models;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL2002: the initialiser made for the activation that the weights feed.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(FitInitializerToActivation))]
public sealed class FitInitializerToActivation() : ModelRemedyFix(RuleIds.InitializerMismatchesActivation);
