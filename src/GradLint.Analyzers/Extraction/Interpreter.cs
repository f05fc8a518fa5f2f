using System.Diagnostics;
using System.Runtime.CompilerServices;
using GradLint.Analyzers.Extraction.Values;
using GradLint.Analyzers.Framework;
using GradLint.Core.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GradLint.Analyzers.Extraction;

/// <summary>
/// Runs C# on abstract values: first what constructs a model, then its <c>forward</c> on tensors that are nodes of a graph.
/// What it cannot decide becomes an <see cref="UnknownValue"/>; it never throws on user code, and its work is bounded.
/// </summary>
internal sealed partial class Interpreter
{
    private const int StepsBetweenChecks = 64;

    private readonly Compilation _compilation;
    private readonly KnownTypes _types;
    private readonly SourceOperations _source;
    private readonly ExtractionBudget _budget;
    private readonly CancellationToken _cancellationToken;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Cell.Journal _journal = new();
    private readonly Dictionary<ISymbol, Cell> _statics = new(SymbolEqualityComparer.Default);
    private readonly List<UnknownReason> _reasons = [];

    private Frame _frame;
    private int _steps;
    private int _nesting;
    private int _callDepth;
    private int _modules;

    public Interpreter(Compilation compilation, KnownTypes types, ExtractionBudget budget, CancellationToken cancellationToken)
    {
        _compilation = compilation;
        _types = types;
        _source = SourceOperations.Of(compilation);
        _budget = budget;
        _cancellationToken = cancellationToken;
        _frame = new(instance: null, _journal.Mark);
        _captures = new(_source);
    }

    /// <summary>What stayed unknown and matters to the model.</summary>
    public IReadOnlyList<UnknownReason> Reasons => _reasons;

    /// <summary>The graph under construction while <c>forward</c> is traced; null while the model is constructed.</summary>
    public GraphBuilder? Graph { get; set; }

    public Value Evaluate(IOperation? operation)
    {
        if (operation is null)
            return Unknown("is not written", Origin.None);

        Step();
        if (_nesting >= _budget.Nesting)
            return Unknown("is nested too deeply to be followed", operation);

        _nesting++;
        try
        {
            var value = EvaluateCore(operation);
            Observe(operation, value);
            return value;
        }
        finally
        {
            _nesting--;
        }
    }

    private void Step()
    {
        if (++_steps % StepsBetweenChecks == 0)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            if (_clock.Elapsed > _budget.Time)
                throw new BudgetExceededException("takes too long to follow");
        }
        if (_steps > _budget.Steps)
            throw new BudgetExceededException("takes too many steps to follow");
        if (_steps > _lastStepOfConstruction)
            throw new ConstructionOverException();
        RuntimeHelpers.EnsureSufficientExecutionStack();
    }

    /// <summary>Records that something unknown matters to the model. What only data can tell does not count.</summary>
    private void Report(string what, UnknownValue unknown, Origin place)
    {
        if (unknown.IsData)
            return;
        var origin = unknown.Origin.File.Length > 0 ? unknown.Origin : place;
        Report($"{what} {unknown.Reason}.", origin);
    }

    /// <summary>Records a part of the model that cannot be read, for whatever reason.</summary>
    private void ReportUnread(string what, UnknownValue unknown, Origin place) => Report(what, new(unknown.Reason, unknown.Origin), place);

    /// <summary>While the model is constructed nothing is recorded: much of that code is about other things, and what is unknown there shows in the forward.</summary>
    private void Report(string text, Origin origin)
    {
        if (Graph is null)
            return;
        if (!_reasons.Any(reason => reason.Text == text && reason.Origin.File == origin.File && reason.Origin.Line == origin.Line))
            _reasons.Add(new(text, origin));
    }

    private static UnknownValue Unknown(string reason, IOperation place) => new(reason, OriginOf(place));

    private static UnknownValue Unknown(string reason, Origin place) => new(reason, place);

    /// <summary>An unknown that comes of another one: of data alone if that one is.</summary>
    private static Value Derived(params Value?[] operands)
    {
        var unknowns = operands.OfType<UnknownValue>().ToArray();
        if (unknowns.Length == 0)
            return UnknownValue.Data;
        return unknowns.FirstOrDefault(unknown => !unknown.IsData) ?? unknowns[0];
    }

    public static Origin OriginOf(IOperation operation) => OriginOf(operation.Syntax);

    public static Origin OriginOf(SyntaxNode syntax) => OriginOf(syntax.GetLocation());

    public static Origin OriginOf(Location location)
    {
        if (!location.IsInSource)
            return Origin.None;
        var span = location.GetLineSpan();
        return new(span.Path, span.StartLinePosition.Line + 1, location);
    }

    private static bool? Truth(Value value) => value is ConstantValue { Raw: bool truth } ? truth : null;

    private static long? Integer(Value? value) => value switch
    {
        ConstantValue { Raw: long number } => number,
        EnumValue member => member.Number,
        _ => null,
    };

    private static double? Number(Value? value) => value switch
    {
        ConstantValue { Raw: double number } => number,
        ConstantValue { Raw: long number } => number,
        _ => null,
    };

    private static string? Text(Value? value) => (value as ConstantValue)?.Raw as string;

    private static bool IsSame(ITypeSymbol? type, ITypeSymbol? other) =>
        type is not null && other is not null && SymbolEqualityComparer.Default.Equals(type.OriginalDefinition, other.OriginalDefinition);
}
