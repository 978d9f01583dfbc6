using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Reports;

/// <summary>
/// A report's counts at one moment: taken in the time that copying them takes, so that putting them in order, which takes
/// some hundred times as long, holds up nothing. Immutable.
/// </summary>
public sealed class ReportCopy
{
    private readonly NameTable _eventTypes;
    private readonly NameTable _channels;
    private readonly IReadOnlyList<Pivot> _pivots;
    private readonly RowNumbering _numbering;

    internal ReportCopy(ReportDefinition definition, NameTable eventTypes, NameTable channels, IReadOnlyList<Pivot> pivots, RowNumbering numbering)
    {
        Definition = definition;
        _eventTypes = eventTypes;
        _channels = channels;
        _pivots = pivots;
        _numbering = numbering;
    }

    /// <summary>What is counted.</summary>
    public ReportDefinition Definition { get; }

    /// <summary>The report.</summary>
    public ReportTable Table() => ReportBuilder.Build(Definition, _eventTypes, _channels, _pivots, _numbering);

    /// <summary>The report, to be added to the parts of other partitions.</summary>
    public ReportPart Part() => ReportBuilder.BuildPart(Definition, _eventTypes, _channels, _pivots, _numbering);
}
