namespace OrleansLake.Engine.Checking;

/// <summary>The faults of one file's rows: the first of each kind is reported, and how many there are.</summary>
internal sealed class FaultsOfFile(Findings findings, string path)
{
    private readonly Dictionary<string, (long Row, long Offset, long Count)> _faults = [];

    internal void Add(long row, long offset, string what)
    {
        (long Row, long Offset, long Count) known = _faults.GetValueOrDefault(what, (row, offset, 0));
        _faults[what] = known with { Count = known.Count + 1 };
    }

    internal void Tell()
    {
        foreach ((string what, (long row, long offset, long count)) in _faults)
        {
            string others = count == 1 ? "" : $" ({count} rows like this)";
            findings.Wrong($"{path}, row {row}, offset {offset}: {what}{others}; `lake replay` rebuilds silver", "silver");
        }
    }
}
