using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using OrleansLake.Cli.Output;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Results;

/// <summary>
/// Rejected records in the formats that are printed. In JSON the bytes are <c>raw</c> if they are UTF-8 and
/// <c>raw_base64</c> if not, so that they come back as they were; in CSV both are columns.
/// </summary>
internal static class QuarantineText
{
    private const int RawMin = 10;
    private const int DetailMin = 14;
    private const int SourceMin = 12;

    // What shows what is wrong with most records.
    private const int DetailWanted = 30;

    private const int IdColumn = 0;
    private const int StateColumn = 1;
    private const int ReasonColumn = 2;
    private const int SourceColumn = 3;
    private const int RecordColumn = 4;
    private const int DetailColumn = 5;

    // The longest reason, a record's number, and what the borders of five columns take.
    private const int FixedColumns = 22 + 9 + 22;

    private const int CellBorder = 3;

    private const string CsvHeader = "id,state,rejected_at,reason,detail,source,record,position,raw,raw_base64,lines,dismissed_because,mapping\n";

    private const string Open = "open";
    private const string Replayed = "mended";
    private const string Dismissed = "dismissed";

    private static readonly TextColumnHeader[] Columns =
        [new("id"), new("state"), new("reason"), new("source"), new("record", true), new("detail"), new("raw")];

    /// <summary>Returns a table as wide as a terminal, with the texts shortened to what fits.</summary>
    public static TextTable Table(IEnumerable<QuarantineEntry> entries, int width)
    {
        QuarantineEntry[] all = [.. entries];
        int sourceMax = Math.Clamp(all.Select(entry => DisplayWidth.Of(entry.Source)).DefaultIfEmpty().Max(), "source".Length, Math.Max(SourceMin, width / 5));
        int idMax = all.Select(entry => entry.Id.ToString().Length).DefaultIfEmpty().Max() + Dismissed.Length;
        int left = width - FixedColumns - sourceMax - idMax;
        if (left < DetailWanted + RawMin)
        {
            // What does not fit here, `show` prints: the raw bytes first, then where they came from, and that all are open.
            return Narrow(all, sourceMax, left + CellBorder);
        }

        int detailMax = Math.Max(DetailWanted, left * 3 / 5);
        int rawMax = Math.Max(RawMin, left - detailMax);
        return new TextTable(Columns, [.. all.Select(entry => Cells(entry, sourceMax, detailMax, rawMax))]);

        static TextTable Narrow(QuarantineEntry[] all, int sourceMax, int left)
        {
            var shown = new List<int> { IdColumn, StateColumn, ReasonColumn, SourceColumn, RecordColumn, DetailColumn };
            if (left < DetailWanted)
            {
                shown.Remove(SourceColumn);
                left += sourceMax + CellBorder;
            }

            if (left < DetailWanted && Array.TrueForAll(all, static entry => entry.Settlement.IsOpen))
            {
                shown.Remove(StateColumn);
                left += Dismissed.Length + CellBorder;
            }

            int detailMax = Math.Max(DetailMin, left);
            return new TextTable([.. shown.Select(static column => Columns[column])], [.. all.Select(entry => Of(Cells(entry, sourceMax, detailMax, 0), shown))]);

            static string[] Of(string[] cells, List<int> shown) => [.. shown.Select(column => cells[column])];
        }

        static string[] Cells(QuarantineEntry entry, int sourceMax, int detailMax, int rawMax) =>
            [
                entry.Id.ToString(),
                State(entry),
                ReasonText.Code(entry.Rejection.Reason),
                DisplayWidth.Shorten(DisplayWidth.Printable(entry.Source), sourceMax),
                RecordText(entry.Rejection),
                DisplayWidth.Shorten(DisplayWidth.Printable(entry.Rejection.Detail), detailMax),
                rawMax == 0 ? "" : DisplayWidth.Shorten(DisplayWidth.Printable(Start(entry.Rejection.Raw, rawMax)), rawMax),
            ];
    }

    /// <summary>Writes all of them in a format for programs.</summary>
    public static void WriteAll(Stream destination, IEnumerable<QuarantineEntry> entries, OutputFormat format, CancellationToken cancellationToken)
    {
        using BufferedStream buffered = new(new LeaveOpenStream(destination), 64 * 1024);
        Listing.Write(buffered, entries.Select(Uncancelled), format, CsvHeader, CsvLine, WriteMembers);

        QuarantineEntry Uncancelled(QuarantineEntry entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return entry;
        }
    }

    /// <summary>Writes one record for people, with nothing shortened.</summary>
    public static void WriteInFull(TextWriter writer, QuarantineEntry entry)
    {
        Rejection rejection = entry.Rejection;
        string place = rejection.Position >= 0 ? $", byte {Figures.Count(rejection.Position)}" : "";
        string raw = Utf8.IsValid(rejection.Raw) ? DisplayWidth.Printable(Encoding.UTF8.GetString(rejection.Raw)) : $"{Convert.ToBase64String(rejection.Raw)} (base64: it is not UTF-8)";
        writer.WriteLine($"{entry.Id}  {State(entry)}  {ReasonText.Code(rejection.Reason)}");
        if (entry.Settlement.DismissedBecause is { } because)
        {
            writer.WriteLine($"  dismissed {DisplayWidth.Printable(because)}");
        }

        writer.WriteLine($"  source    {DisplayWidth.Printable(entry.Source)}, record {RecordText(entry.Rejection)}{place}");
        if (rejection.Mapping is { } mapping)
        {
            writer.WriteLine($"  mapping   {(mapping.Length == 0 ? "one that the lake does not keep" : mapping)}");
        }

        writer.WriteLine($"  rejected  {Time(entry) ?? "not recorded when"}");
        writer.WriteLine($"  detail    {DisplayWidth.Printable(rejection.Detail)}");
        writer.WriteLine($"  raw       {raw}");
    }

    /// <summary>Returns a record's number in its source, and how many lines it spans if they are several.</summary>
    public static string RecordText(Rejection rejection) => rejection.LineCount == 1
        ? Figures.Count(rejection.Record)
        : $"{Figures.Count(rejection.Record)} ({Figures.Count(rejection.LineCount)} lines)";

    private static string State(QuarantineEntry entry) =>
        entry.Settlement.IsReplayed ? Replayed : entry.Settlement.IsOpen ? Open : Dismissed;

    private static string? Time(QuarantineEntry entry) => entry.RejectedAt?.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    // No character takes more than four bytes.
    private static string Start(byte[] raw, int characters) => Encoding.UTF8.GetString(raw.AsSpan(0, Math.Min(4 * characters, raw.Length)));

    private static void WriteMembers(Utf8JsonWriter writer, QuarantineEntry entry)
    {
        writer.WriteString("id", entry.Id.ToString());
        writer.WriteString("state", State(entry));
        if (entry.Settlement.DismissedBecause is { } because)
        {
            writer.WriteString("dismissed_because", because);
        }

        writer.WriteString("rejected_at", Time(entry));
        writer.WriteString("reason", ReasonText.Code(entry.Rejection.Reason));
        writer.WriteString("detail", entry.Rejection.Detail);
        writer.WriteString("source", entry.Source);
        if (entry.Rejection.Mapping is { } mapping)
        {
            writer.WriteString("mapping", mapping);
        }

        writer.WriteNumber("record", entry.Rejection.Record);
        if (entry.Rejection.Position >= 0)
        {
            writer.WriteNumber("position", entry.Rejection.Position);
        }
        else
        {
            writer.WriteNull("position");
        }

        writer.WriteNumber("lines", entry.Rejection.LineCount);

        if (Utf8.IsValid(entry.Rejection.Raw))
        {
            writer.WriteString("raw", entry.Rejection.Raw);
        }
        else
        {
            writer.WriteBase64String("raw_base64", entry.Rejection.Raw);
        }
    }

    private static string CsvLine(QuarantineEntry entry)
    {
        bool isText = Utf8.IsValid(entry.Rejection.Raw);
        string position = entry.Rejection.Position >= 0 ? entry.Rejection.Position.ToString(CultureInfo.InvariantCulture) : "";
        string raw = isText ? Listing.CsvField(Encoding.UTF8.GetString(entry.Rejection.Raw)) : "";
        string base64 = isText ? "" : Convert.ToBase64String(entry.Rejection.Raw);
        return string.Create(CultureInfo.InvariantCulture,
            $"{entry.Id},{State(entry)},{Time(entry)},{ReasonText.Code(entry.Rejection.Reason)},{Listing.CsvField(entry.Rejection.Detail)},{Listing.CsvField(entry.Source)},{entry.Rejection.Record},{position},{raw},{base64},{entry.Rejection.LineCount},{Listing.CsvField(entry.Settlement.DismissedBecause)},{Listing.CsvField(entry.Rejection.Mapping)}\n");
    }
}
