using System.Collections.Concurrent;
using OrleansLake.Client;

namespace OrleansLake.Server.Reports;

/// <summary>The bytes of answers that were given last: many ask for the same while nothing has changed.</summary>
internal sealed class RenderedReports
{
    private const int EntriesMax = 256;
    private const int BytesMax = 4 * 1024 * 1024;

    private readonly ConcurrentDictionary<(string Path, string Query, ReportFormat Format), Entry> _entries = new();

    internal byte[] Get(string path, string query, ReportFormat format, ReportSnapshot snapshot)
    {
        (string, string, ReportFormat) name = (path, query, format);
        if (_entries.TryGetValue(name, out Entry? entry) && entry.Position.Equals(snapshot.Position) && entry.Time == snapshot.Time)
        {
            return entry.Bytes;
        }

        byte[] bytes = ReportFormats.Render(snapshot, format);
        if (bytes.Length <= BytesMax)
        {
            if (_entries.Count >= EntriesMax)
            {
                _entries.Clear();
            }

            _entries[name] = new Entry(snapshot.Position, snapshot.Time, bytes);
        }

        return bytes;
    }

    private sealed record Entry(LakePosition Position, DateTimeOffset Time, byte[] Bytes);
}
