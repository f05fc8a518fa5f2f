using GradLint.Analyzers.Extraction.Values;

namespace GradLint.Analyzers.Extraction;

/// <summary>A mutable place: a variable, a field, the content of a collection. Written through the <see cref="Journal"/> only.</summary>
internal sealed class Cell(Value value)
{
    public Value Value { get; private set; } = value;

    /// <summary>Remembers what cells held, so that the branches of a condition that the code does not decide can be run one after the other.</summary>
    internal sealed class Journal
    {
        private readonly List<(Cell Cell, Value Before)> _entries = [];

        /// <summary>The current position.</summary>
        public int Mark => _entries.Count;

        public void Write(Cell cell, Value value)
        {
            if (ReferenceEquals(cell.Value, value))
                return;
            _entries.Add((cell, cell.Value));
            cell.Value = value;
        }

        /// <summary>The cells written since the mark, with what they held then.</summary>
        public Dictionary<Cell, Value> Before(int mark)
        {
            var before = new Dictionary<Cell, Value>();
            for (var index = _entries.Count - 1; index >= mark; index--)
                before[_entries[index].Cell] = _entries[index].Before;
            return before;
        }

        /// <summary>The cells written since the mark, with what they hold now.</summary>
        public Dictionary<Cell, Value> Written(int mark)
        {
            var written = new Dictionary<Cell, Value>();
            for (var index = mark; index < _entries.Count; index++)
                written[_entries[index].Cell] = _entries[index].Cell.Value;
            return written;
        }

        /// <summary>Puts everything back to where it was at the mark; returns what the cells held before that.</summary>
        public Dictionary<Cell, Value> RollBack(int mark)
        {
            var undone = Written(mark);
            for (var index = _entries.Count - 1; index >= mark; index--)
                _entries[index].Cell.Value = _entries[index].Before;
            _entries.RemoveRange(mark, _entries.Count - mark);
            return undone;
        }
    }
}
