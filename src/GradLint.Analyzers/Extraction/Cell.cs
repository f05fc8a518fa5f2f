using GradLint.Analyzers.Extraction.Values;

namespace GradLint.Analyzers.Extraction;

/// <summary>A mutable place: a variable, a field, the content of a collection. Written through the <see cref="Journal"/> only.</summary>
internal sealed class Cell(Value value)
{
    // An interpreter runs on one thread; only the order of births within it matters.
    [ThreadStatic]
    private static long s_births;

    private readonly long _birth = ++s_births;

    public Value Value { get; private set; } = value;

    /// <summary>Whether the cell is younger than a mark: on another way from there it does not exist.</summary>
    public bool IsBornAfter(Mark mark) => _birth > mark.Births;

    /// <summary>A position of the journal, and how many cells there were then.</summary>
    internal readonly record struct Mark(int Entries, long Births);

    /// <summary>Remembers what cells held, so that the branches of a condition that the code does not decide can be run one after the other.</summary>
    internal sealed class Journal
    {
        private readonly List<(Cell Cell, Value Before)> _entries = [];

        /// <summary>The current position.</summary>
        public Mark Mark => new(_entries.Count, s_births);

        public void Write(Cell cell, Value value)
        {
            if (ReferenceEquals(cell.Value, value))
                return;
            _entries.Add((cell, cell.Value));
            cell.Value = value;
        }

        /// <summary>The cells written since the mark, with what they held then.</summary>
        public Dictionary<Cell, Value> Before(Mark mark)
        {
            var before = new Dictionary<Cell, Value>();
            for (var index = _entries.Count - 1; index >= mark.Entries; index--)
                before[_entries[index].Cell] = _entries[index].Before;
            return before;
        }

        /// <summary>The cells written since the mark, with what they hold now.</summary>
        public Dictionary<Cell, Value> Written(Mark mark)
        {
            var written = new Dictionary<Cell, Value>();
            for (var index = mark.Entries; index < _entries.Count; index++)
                written[_entries[index].Cell] = _entries[index].Cell.Value;
            return written;
        }

        /// <summary>Puts everything back to where it was at the mark; returns what the cells held before that.</summary>
        public Dictionary<Cell, Value> RollBack(Mark mark)
        {
            var undone = Written(mark);
            for (var index = _entries.Count - 1; index >= mark.Entries; index--)
                _entries[index].Cell.Value = _entries[index].Before;
            _entries.RemoveRange(mark.Entries, _entries.Count - mark.Entries);
            return undone;
        }
    }
}
