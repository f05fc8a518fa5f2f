using GradLint.CodeFixes.Models;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL2001: the initialiser that fits the activations in place of TorchSharp's default.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(InitializeDeepStack))]
public sealed class InitializeDeepStack() : ModelRemedyFix(RuleIds.DefaultInitializationStarvesDepth);
