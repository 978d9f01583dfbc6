using System.Globalization;
using System.Text;

namespace OrleansLake.Parquet;

/// <summary>A file cannot be read, and where and why.</summary>
public sealed class ParquetException : Exception
{
    /// <summary>Makes an exception without a place.</summary>
    public ParquetException(string message)
        : this(ParquetErrorKind.CorruptData, message)
    {
    }

    /// <summary>Makes an exception of a kind, without a place.</summary>
    public ParquetException(ParquetErrorKind kind, string reason)
        : base(reason)
    {
        Kind = kind;
        Reason = reason;
    }

    private ParquetException(ParquetException cause, string? file, string? column, int? rowGroup, long? offset)
        : base(Describe(cause.Reason, file, column, rowGroup, offset), cause.InnerException)
    {
        Kind = cause.Kind;
        Reason = cause.Reason;
        File = file;
        Column = column;
        RowGroup = rowGroup;
        Offset = offset;
    }

    /// <summary>Gets the kind of failure, which says what can be done about it.</summary>
    public ParquetErrorKind Kind { get; }

    /// <summary>Gets the fault, without the place.</summary>
    public string Reason { get; }

    /// <summary>Gets the file's name as it was given to the reader.</summary>
    public string? File { get; }

    /// <summary>Gets the column, if one was being read.</summary>
    public string? Column { get; }

    /// <summary>Gets the row group's index, if one was being read.</summary>
    public int? RowGroup { get; }

    /// <summary>Gets the offset in the file of the page or structure that is wrong, in bytes.</summary>
    public long? Offset { get; }

    internal static ParquetException Corrupt(string reason) => new(ParquetErrorKind.CorruptData, reason);

    internal static ParquetException Unsupported(string reason) => new(ParquetErrorKind.Unsupported, reason);

    internal ParquetException At(string? file, string? column = null, int? rowGroup = null, long? offset = null) =>
        new(this, File ?? file, Column ?? column, RowGroup ?? rowGroup, Offset ?? offset);

    private static string Describe(string reason, string? file, string? column, int? rowGroup, long? offset)
    {
        var text = new StringBuilder();
        text.Append(file);
        Append(text, column is null ? null : $"column '{column}'");
        Append(text, rowGroup is null ? null : string.Create(CultureInfo.InvariantCulture, $"row group {rowGroup}"));
        Append(text, offset is null ? null : string.Create(CultureInfo.InvariantCulture, $"offset {offset}"));
        return text.Length == 0 ? reason : text.Append(": ").Append(reason).ToString();
    }

    private static void Append(StringBuilder text, string? part)
    {
        if (part is not null)
        {
            text.Append(text.Length == 0 ? "" : ", ").Append(part);
        }
    }
}
