using OrleansLake.Parquet.Internal.Rows;

namespace OrleansLake.Parquet;

/// <summary>
/// The mapping of rows of a type to columns: a name and a function for each. Made once, used for any number of files.
/// <code>
/// var schema = new RowSchema&lt;Message&gt;()
///     .Timestamp("timestamp", m => m.Time)
///     .Text("channel", m => m.Channel)
///     .Number("user_id", m => m.User);
/// using var writer = new ParquetRowWriter&lt;Message&gt;(File.Create("messages.parquet"), schema);
/// foreach (Message message in messages) writer.Write(message);
/// writer.Finish();
/// </code>
/// </summary>
/// <typeparam name="T">A row.</typeparam>
public sealed class RowSchema<T>
{
    private readonly List<ParquetField> _fields = [];
    private readonly List<Func<RowColumn<T>>> _columns = [];

    /// <summary>Adds a column of 32-bit integers; null is a null.</summary>
    public RowSchema<T> Number(string name, Func<T, int?> valueOf) =>
        Add(name, ParquetType.Int32, () => new ValueRowColumn<T, int>(valueOf, static (values, validity) => new Int32Data(values, validity)));

    /// <summary>Adds a column of 64-bit integers; null is a null.</summary>
    public RowSchema<T> Number(string name, Func<T, long?> valueOf) =>
        Add(name, ParquetType.Int64, () => new ValueRowColumn<T, long>(valueOf, static (values, validity) => new Int64Data(values, validity)));

    /// <summary>Adds a column of doubles; null is a null.</summary>
    public RowSchema<T> Number(string name, Func<T, double?> valueOf) =>
        Add(name, ParquetType.Double, () => new ValueRowColumn<T, double>(valueOf, static (values, validity) => new DoubleData(values, validity)));

    /// <summary>Adds a column of singles; null is a null.</summary>
    public RowSchema<T> Number(string name, Func<T, float?> valueOf) =>
        Add(name, ParquetType.Float, () => new ValueRowColumn<T, float>(valueOf, static (values, validity) => new FloatData(values, validity)));

    /// <summary>Adds a column of truth values; null is a null.</summary>
    public RowSchema<T> Boolean(string name, Func<T, bool?> valueOf) =>
        Add(name, ParquetType.Boolean, () => new ValueRowColumn<T, bool>(valueOf, static (values, validity) => new BooleanData(values, validity)));

    /// <summary>Adds a column of dates; null is a null.</summary>
    public RowSchema<T> Date(string name, Func<T, DateOnly?> valueOf)
    {
        ArgumentNullException.ThrowIfNull(valueOf);
        int epoch = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
        return Add(name, ParquetType.Date, () => new ValueRowColumn<T, int>(
            row => valueOf(row)?.DayNumber - epoch, static (values, validity) => new Int32Data(values, validity)));
    }

    /// <summary>Adds a column of instants, cut off downward to microseconds; null is a null.</summary>
    public RowSchema<T> Timestamp(string name, Func<T, DateTimeOffset?> valueOf)
    {
        ArgumentNullException.ThrowIfNull(valueOf);
        return Add(name, ParquetType.TimestampMicros, () => new ValueRowColumn<T, long>(
            row => valueOf(row) is { } instant ? Micros(instant.UtcTicks) : null, static (values, validity) => new Int64Data(values, validity)));
    }

    /// <summary>
    /// Adds a column of a wall clock's times in a zone that the file does not name, cut off downward to microseconds; null is
    /// a null, and <see cref="DateTime.Kind"/> is ignored.
    /// </summary>
    public RowSchema<T> LocalTimestamp(string name, Func<T, DateTime?> valueOf)
    {
        ArgumentNullException.ThrowIfNull(valueOf);
        return Add(new ParquetField(name, ParquetType.TimestampMicros) { IsAdjustedToUtc = false }, () => new ValueRowColumn<T, long>(
            row => valueOf(row) is { } time ? Micros(time.Ticks) : null, static (values, validity) => new Int64Data(values, validity)));
    }

    /// <summary>Adds a column of text; null is a null, and what is not UTF-16 becomes U+FFFD.</summary>
    public RowSchema<T> Text(string name, Func<T, string?> valueOf) =>
        Add(name, ParquetType.String, () => new TextRowColumn<T>(valueOf));

    /// <summary>Adds a column of bytes; null is a null.</summary>
    public RowSchema<T> Binary(string name, Func<T, byte[]?> valueOf) =>
        Add(name, ParquetType.Binary, () => new BytesRowColumn<T>(valueOf));

    /// <summary>Returns the columns as files have them.</summary>
    public ParquetSchema ToSchema() => new([.. _fields]);

    internal RowColumn<T>[] NewColumns() => [.. _columns.Select(static create => create())];

    // Ticks since the year 1: what is before 1970 is cut off downward too.
    private static long Micros(long ticks) =>
        (ticks / TimeSpan.TicksPerMicrosecond) - (DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerMicrosecond);

    private RowSchema<T> Add(string name, ParquetType type, Func<RowColumn<T>> create) => Add(new ParquetField(name, type), create);

    private RowSchema<T> Add(ParquetField field, Func<RowColumn<T>> create)
    {
        _fields.Add(field);
        _columns.Add(create);
        return this;
    }
}
