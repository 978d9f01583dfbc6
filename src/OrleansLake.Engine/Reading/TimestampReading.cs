using System.Globalization;
using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Reading;

/// <summary>
/// Turns a stored column into instants: a clock's time without a zone, and the midnight of a date, are in the lake's
/// zone. What is finer than a microsecond is cut off downward.
/// </summary>
/// <param name="zone">The lake's time zone.</param>
/// <param name="format">How text and integers are to be read; null for RFC 3339 and similar forms.</param>
/// <param name="isTaken">Whether the file was taken before: an earlier version took integers for microseconds.</param>
internal sealed class TimestampReading(LakeTimeZone zone, TimestampFormat? format, bool isTaken)
{
    private const long MicrosPerMilli = 1000;
    private const long NanosPerMicro = 1000;
    private const long MicrosPerDay = 86_400_000_000;

    /// <summary>Returns a date, a time of day or a point in time in microseconds, of UTC or of a clock without a zone; null if 64 bits do not hold it.</summary>
    internal static long? Micros(StoredValues stored, ValueForm form, int row)
    {
        if (stored.Int32 is { } narrow)
        {
            return Scaled(narrow.Values[row], form == ValueForm.Days ? MicrosPerDay : MicrosPerMilli);
        }

        long number = stored.Int64!.Values[row];
        if (stored.Column.StoredAs == PhysicalType.Int96)
        {
            // Where those out of range end up.
            return number is long.MinValue or long.MaxValue ? null : number;
        }

        return stored.Column.Unit switch
        {
            TimeUnit.Millis => Scaled(number, MicrosPerMilli),
            TimeUnit.Nanos => (number / NanosPerMicro) - (number % NanosPerMicro < 0 ? 1 : 0),
            _ => number,
        };
    }

    /// <summary>Returns a date or a point in time for people, as it is stored.</summary>
    internal static string Shown(StoredValues stored, ValueForm form, int row) => form switch
    {
        ValueForm.Days => string.Create(CultureInfo.InvariantCulture, $"{stored.Int32!.Values[row]} days since 1970{(stored.Int32!.Values[row] is int.MaxValue or -int.MaxValue ? " (infinity)" : "")}"),
        _ when stored.Column.StoredAs == PhysicalType.Int96 => "an INT96 beyond the range of microseconds",
        _ => string.Create(CultureInfo.InvariantCulture, $"{stored.Int64!.Values[row]} {stored.Column.Unit} since 1970").Replace("Millis", "milliseconds", StringComparison.Ordinal),
    };

    internal void Append(StoredValues stored, ValueForm form, RowSpan range, NumberColumn<long> into, List<RowFault> faults)
    {
        if (form == ValueForm.Instants && stored is { Int64: { } instants, NullCount: 0, Column: { IsAdjustedToUtc: true, Unit: TimeUnit.Micros } })
        {
            into.AppendRange(instants.Values[range.Start..range.End]);
            return;
        }

        for (int row = range.Start; row < range.End; row++)
        {
            if (stored.IsNull(row))
            {
                into.AppendNull();
            }
            else if (Instant(stored, form, row, out FieldFault fault) is { } micros)
            {
                into.Append(micros);
            }
            else
            {
                into.AppendNull();
                faults.Add(new RowFault(row - range.Start, "timestamp", fault, Json(stored, form, row)));
            }
        }
    }

    private long? Instant(StoredValues stored, ValueForm form, int row, out FieldFault fault)
    {
        if (form == ValueForm.Text)
        {
            ReadOnlySpan<byte> text = stored.Bytes![row];
            if (!System.Text.Unicode.Utf8.IsValid(text))
            {
                fault = FieldText.NotUtf8("timestamp", text);
                return null;
            }

            return FieldText.TryReadTimestamp(text, zone, format, out long read, out fault) ? read : null;
        }

        fault = default;
        long? found = form == ValueForm.Integers ? Counted(stored.Integer(row))
            : Micros(stored, form, row) is not { } micros ? null
            : stored.Column.IsAdjustedToUtc ? micros : ToInstant(micros);
        if (found is null)
        {
            string shown = form == ValueForm.Integers ? $"{stored.Integer(row)} ({format})" : Shown(stored, form, row);
            fault = FieldText.TimestampOutOfRange(form == ValueForm.Days ? $"{shown}, more than 64 bits of microseconds hold" : shown, zone);
        }

        return found;
    }

    private long? Counted(Int128 number) =>
        number < long.MinValue || number > long.MaxValue ? null
            : isTaken ? (long)number
            : format is not null && format.TryFromCount((long)number, zone, out long micros, out _) ? micros : null;

    // Times so far out that no zone can shift them are out of range either way.
    private long ToInstant(long local) => local is < long.MinValue / 2 or > long.MaxValue / 2 ? local : zone.ToInstant(local);

    private static long? Scaled(long number, long by) =>
        number > long.MaxValue / by || number < long.MinValue / by ? null : number * by;

    private static byte[] Json(StoredValues stored, ValueForm form, int row) => form switch
    {
        ValueForm.Text => JsonBytes.Text(stored.Bytes![row]),
        ValueForm.Integers => Encoding.ASCII.GetBytes(stored.Integer(row).ToString(CultureInfo.InvariantCulture)),
        _ => JsonBytes.Text(Encoding.UTF8.GetBytes(Shown(stored, form, row))),
    };
}
