using System.Globalization;
using OrleansLake.Client;

namespace OrleansLake.Server.Reports;

/// <summary>An answer as it is sent: for everyone who asks the same while nothing has changed.</summary>
internal sealed class RenderedReport
{
    internal RenderedReport(ReportSnapshot snapshot, ReportFormat format)
    {
        Snapshot = snapshot;
        Bytes = ReportFormats.Render(snapshot, format);
        Position = snapshot.Position.ToString();
        Tag = $"\"{Position}\"";
        Time = ReportJson.TimeText(snapshot.Time);
        Rows = snapshot.RowsInAll.ToString(CultureInfo.InvariantCulture);
    }

    internal ReportSnapshot Snapshot { get; }

    internal byte[] Bytes { get; }

    internal string Position { get; }

    internal string Tag { get; }

    internal string Time { get; }

    internal string Rows { get; }
}
