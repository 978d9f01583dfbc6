using System.Globalization;
using OrleansLake.Cli.Output;
using OrleansLake.Client;
using OrleansLake.Client.Http;

namespace OrleansLake.Cli.Results;

/// <summary>Lists sinks in the formats that are printed: in JSON as <c>/v1/sinks</c> has them, in CSV under the same names.</summary>
internal static class SinkText
{
    private static readonly TextColumnHeader[] Columns =
    [
        new("sink"), new("epoch", true), new("position"), new("lag", true), new("behind", true), new("state"), new("newest failure"),
    ];

    public static void Write(IReadOnlyList<SinkStatus> sinks, OutputFormat format, Terminal terminal)
    {
        if (format == OutputFormat.Table)
        {
            DrawnTables.Write(terminal, new TextTable(Columns, [.. sinks.Select(Cells)]));
        }
        else
        {
            Listing.Write(terminal.Output, sinks, format, "name,epoch,position,time,lag,lag_seconds,failure,failed_at,taken\n", CsvLine, SinkJson.WriteMembers);
        }
    }

    /// <summary>Returns by what a sink is behind, and why where that is known.</summary>
    public static string Behind(SinkStatus sink) => sink.IsTaken ? "behind, taken by another owner"
        : sink.Position is null ? "behind, nothing written yet"
        : sink.LagTime > TimeSpan.Zero ? $"behind, {Figures.Time(sink.LagTime.Value)}" : "behind";

    private static string[] Cells(SinkStatus sink) =>
    [
        sink.Name,
        sink.Epoch.ToString(CultureInfo.InvariantCulture),
        sink.Position?.ToString() ?? "",
        sink.Lag?.ToString(CultureInfo.InvariantCulture) ?? "",
        sink.LagTime is { } time && time > TimeSpan.Zero ? Figures.Time(time) : "",
        sink.IsTaken ? "taken by another owner" : sink.Position is null ? "nothing written yet" : "written",
        sink.Failure is { } failure ? $"{SinkJson.TimeText(sink.FailedAt)} {failure}".TrimStart() : "",
    ];

    private static string CsvLine(SinkStatus sink) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Listing.CsvField(sink.Name)},{sink.Epoch},{Listing.CsvField(sink.Position?.ToString())},{SinkJson.TimeText(sink.Time)},{sink.Lag},{sink.LagTime?.TotalSeconds:0.###},{Listing.CsvField(sink.Failure)},{SinkJson.TimeText(sink.FailedAt)},{(sink.IsTaken ? "true" : "false")}\n");
}
