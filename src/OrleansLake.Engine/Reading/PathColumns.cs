using System.Globalization;
using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Reading;

/// <summary>The columns of a message that are in a file's path (<see cref="HivePath"/>), read and checked.</summary>
internal sealed class PathColumns
{
    private const string InPath = "in the path, ";

    private readonly Dictionary<string, string?> _values;

    /// <summary>Reads a path.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="name">The file's name in errors.</param>
    /// <param name="ofFile">The columns that the file has itself, which count instead.</param>
    /// <param name="zone">Where a timestamp without an offset is from.</param>
    /// <param name="ids">The types of the lake's ids.</param>
    /// <param name="format">How a timestamp is to be read; null for RFC 3339 and similar forms.</param>
    /// <param name="isTaken">Whether the file was taken before, perhaps by a version that made a null of what it could not read.</param>
    /// <exception cref="ParquetException">A value is not one of its column.</exception>
    internal PathColumns(string path, string name, IEnumerable<string> ofFile, LakeTimeZone zone, IdTypes ids, TimestampFormat? format, bool isTaken)
    {
        _values = new Dictionary<string, string?>(HivePath.Values(path), StringComparer.Ordinal);
        foreach (string column in ofFile)
        {
            _values.Remove(column);
        }

        Timestamp = ReadTimestamp(name, zone, format, isTaken);
        CountryId = ReadId("country_id", ids.Country, name, isTaken);
        UserId = ReadId("user_id", ids.User, name, isTaken);
    }

    /// <summary>Gets the value of <c>timestamp</c>.</summary>
    internal long? Timestamp { get; }

    /// <summary>Gets the value of <c>country_id</c>.</summary>
    internal IdValue? CountryId { get; }

    /// <summary>Gets the value of <c>user_id</c>.</summary>
    internal IdValue? UserId { get; }

    /// <summary>Gets all columns of the path, those too that no message has.</summary>
    internal IEnumerable<string> Names => _values.Keys;

    /// <summary>Returns whether a column is in the path, with a value or as a null.</summary>
    internal bool Has(string column) => _values.ContainsKey(column);

    /// <summary>Returns the value of a column of text; null if it is.</summary>
    internal byte[]? Text(string column) => _values.GetValueOrDefault(column) is { } text ? Encoding.UTF8.GetBytes(text) : null;

    /// <summary>Returns what to do about a value in a path that cannot be read; null if the reason is another one: then the file has to be another.</summary>
    /// <param name="reason">Why the file was refused, without its name.</param>
    internal static string? Advice(string? reason) =>
        reason?.StartsWith(InPath, StringComparison.Ordinal) == true && reason[InPath.Length..].Split(' ')[0] is var column
            ? $"Rename the folder, give the file a {column} of its own, or remove it." : null;

    private long? ReadTimestamp(string name, LakeTimeZone zone, TimestampFormat? format, bool isTaken)
    {
        if (Text("timestamp") is not { } text)
        {
            return null;
        }

        return FieldText.TryReadTimestamp(text, zone, format, out long micros, out FieldFault fault) ? micros
            : isTaken ? null : throw Refused(name, fault);
    }

    private IdValue? ReadId(string column, IdType type, string name, bool isTaken)
    {
        if (Text(column) is not { } text)
        {
            return null;
        }

        if (type == IdType.Number32 && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
        {
            return number;
        }

        return FieldText.TryReadId(column, type, text, out IdValue id, out FieldFault fault) ? id : isTaken ? null : throw Refused(name, fault);
    }

    private static ParquetException Refused(string name, FieldFault fault) =>
        new(ParquetErrorKind.TypeMismatch, $"{name}: {InPath}{fault.DetailOfFile}.");
}
