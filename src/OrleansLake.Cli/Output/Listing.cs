using System.Text;
using System.Text.Json;

namespace OrleansLake.Cli.Output;

/// <summary>A list of results in a format for programs: CSV with a header, one JSON array, or one JSON object a line.</summary>
internal static class Listing
{
    /// <summary>Writes the items, each as soon as it comes.</summary>
    public static void Write<T>(
        Stream destination, IEnumerable<T> items, OutputFormat format, string csvHeader, Func<T, string> csvLine, Action<Utf8JsonWriter, T> members)
    {
        destination.Write(format == OutputFormat.Csv ? Encoding.UTF8.GetBytes(csvHeader) : []);
        bool isFirst = true;
        foreach (T item in items)
        {
            if (format == OutputFormat.Csv)
            {
                destination.Write(Encoding.UTF8.GetBytes(csvLine(item)));
                continue;
            }

            destination.Write(format == OutputFormat.Ndjson ? ""u8 : isFirst ? "[\n"u8 : ",\n"u8);
            JsonLines.WriteObject(destination, writer => members(writer, item));
            destination.Write(format == OutputFormat.Ndjson ? "\n"u8 : ""u8);
            isFirst = false;
        }

        if (format == OutputFormat.Json)
        {
            destination.Write(isFirst ? "[]\n"u8 : "\n]\n"u8);
        }
    }

    /// <summary>Returns a text as a field of CSV; nothing if there is none.</summary>
    public static string CsvField(string? text) => text is null ? ""
        : text.AsSpan().IndexOfAny("\",\r\n") < 0 && text.Length > 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
