using System.Globalization;
using OrleansLake.Cli.Output;
using OrleansLake.Client;
using OrleansLake.Client.Http;

namespace OrleansLake.Cli.Results;

/// <summary>Lists sources in the formats that are printed: in JSON as <c>/v1/sources</c> has them, in CSV a line for each partition under the same names.</summary>
internal static class SourceText
{
    private static readonly TextColumnHeader[] Columns =
    [
        new("source"), new("topic"), new("partition", true), new("position", true), new("end", true), new("lag", true), new("behind", true), new("state"),
    ];

    public static void Write(IReadOnlyList<SourceStatus> sources, OutputFormat format, Terminal terminal)
    {
        if (format == OutputFormat.Table)
        {
            DrawnTables.Write(terminal, new TextTable(Columns, [.. sources.SelectMany(Rows)]));
        }
        else
        {
            Listing.Write(terminal.Output, sources, format, "name,paused,trouble,topic,partition,position,end,lag,lag_seconds,stopped\n", CsvLines, SourceJson.WriteMembers);
        }
    }

    private static IEnumerable<IReadOnlyList<string>> Rows(SourceStatus source)
    {
        string state = source.IsPaused ? "paused" : source.Trouble is { } trouble ? $"not read: {trouble}" : "read";
        return source.Partitions.Count == 0 ? [[source.Name, "", "", "", "", "", "", state]] : source.Partitions.Select(partition => (IReadOnlyList<string>)
        [
            source.Name, partition.Topic, Number(partition.Number), Number(partition.Position), Number(partition.End), Number(partition.Lag),
            partition.LagTime > TimeSpan.Zero ? Figures.Time(partition.LagTime) : "", partition.Stopped is { } reason ? $"stopped: {reason}" : state,
        ]);
    }

    // One without partitions has a line, too.
    private static string CsvLines(SourceStatus source)
    {
        string start = $"{Listing.CsvField(source.Name)},{(source.IsPaused ? "true" : "false")},{Listing.CsvField(source.Trouble)}";
        return source.Partitions.Count == 0 ? $"{start},,,,,,,\n" : string.Concat(source.Partitions.Select(partition => string.Create(
            CultureInfo.InvariantCulture,
            $"{start},{Listing.CsvField(partition.Topic)},{partition.Number},{partition.Position},{partition.End},{partition.Lag},{partition.LagTime.TotalSeconds:0.###},{Listing.CsvField(partition.Stopped)}\n")));
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
