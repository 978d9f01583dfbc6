namespace OrleansLake.Core.Reports;

/// <summary>
/// A report's counts at one moment: taken in the time that copying them takes, so that putting them in order, which takes
/// many times as long, holds up nothing. Immutable. Its user disposes it: its memory serves the next copy.
/// </summary>
public sealed class ReportCopy : IDisposable
{
    private readonly FieldNames _names;
    private IReadOnlyList<Pivot>? _pivots;
    private readonly RowNumbering _numbering;

    internal ReportCopy(ReportDefinition definition, FieldNames names, IReadOnlyList<Pivot> pivots, RowNumbering numbering)
    {
        Definition = definition;
        _names = names;
        _pivots = pivots;
        _numbering = numbering;
    }

    /// <summary>Gets the definition of what is counted.</summary>
    public ReportDefinition Definition { get; }

    /// <summary>Returns the report.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public ReportTable Table() => ReportBuilder.Build(Definition, _names, Pivots, _numbering);

    /// <summary>Returns the report, to be added to the parts of other partitions.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public ReportPart Part() => ReportBuilder.BuildPart(Definition, _names, Pivots, _numbering);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Pivot pivot in Interlocked.Exchange(ref _pivots, null) ?? [])
        {
            pivot.Return();
        }
    }

    private IReadOnlyList<Pivot> Pivots => _pivots ?? throw new ObjectDisposedException(nameof(ReportCopy));
}
