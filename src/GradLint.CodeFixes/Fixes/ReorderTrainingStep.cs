using GradLint.CodeFixes.Framework;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL5002: clearing before the backward, the step after it, the schedule after the step.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReorderTrainingStep))]
public sealed class ReorderTrainingStep() : MoveStatementFix(RuleIds.StepOutOfOrder);
