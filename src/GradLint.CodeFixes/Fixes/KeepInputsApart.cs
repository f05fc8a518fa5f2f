using GradLint.CodeFixes.Models;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL1007: initialisers, norms or residual connections: whatever is predicted to keep two inputs apart up to the output layer.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(KeepInputsApart))]
public sealed class KeepInputsApart() : ModelRemedyFix(RuleIds.IndistinguishableInputs);
