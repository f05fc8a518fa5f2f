using GradLint.CodeFixes.Framework;
using GradLint.Core.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace GradLint.CodeFixes.Fixes;

/// <summary>GL5007: the model is moved before its optimizer is made.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MoveModelBeforeOptimizer))]
public sealed class MoveModelBeforeOptimizer() : MoveStatementFix(RuleIds.ModelMovedAfterOptimizer);
