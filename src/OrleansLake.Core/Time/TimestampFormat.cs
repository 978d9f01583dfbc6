using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OrleansLake.Core.Time;

/// <summary>
/// The format of a source's timestamps where that is not <see cref="TimestampText"/>'s form: a count since
/// 1970-01-01T00:00:00Z (<c>epoch-s</c>, <c>epoch-ms</c>, <c>epoch-us</c>, <c>epoch-ns</c>), or a pattern such as
/// <c>yyyy-MM-dd HH:mm:ss,SSS</c>. A value that may be shared between threads.
/// </summary>
public sealed class TimestampFormat
{
    private const long MicrosPerSecond = 1_000_000;

    // No date from 0001 to 9999 is further from 1970, whatever the zone.
    private const long MicrosMax = 400_000_000_000_000_000;

    private readonly long _unitsPerSecond;
    private readonly TimestampPattern? _pattern;

    private TimestampFormat(string text, long unitsPerSecond, TimestampPattern? pattern)
    {
        Text = text;
        _unitsPerSecond = unitsPerSecond;
        _pattern = pattern;
    }

    /// <summary>Gets seconds since 1970, with or without a fraction: <c>epoch-s</c>.</summary>
    public static TimestampFormat EpochSeconds { get; } = new("epoch-s", 1, null);

    /// <summary>Gets milliseconds since 1970: <c>epoch-ms</c>.</summary>
    public static TimestampFormat EpochMillis { get; } = new("epoch-ms", 1_000, null);

    /// <summary>Gets microseconds since 1970: <c>epoch-us</c>.</summary>
    public static TimestampFormat EpochMicros { get; } = new("epoch-us", 1_000_000, null);

    /// <summary>Gets nanoseconds since 1970, of which the last three digits are cut off: <c>epoch-ns</c>.</summary>
    public static TimestampFormat EpochNanos { get; } = new("epoch-ns", 1_000_000_000, null);

    /// <summary>Gets what it was made from.</summary>
    public string Text { get; }

    /// <summary>Gets a value indicating whether it is a count since 1970, so that whole numbers are timestamps by <see cref="TryFromCount"/>.</summary>
    public bool IsEpoch => _pattern is null;

    /// <summary>Reads <c>epoch-s</c>, <c>epoch-ms</c>, <c>epoch-us</c>, <c>epoch-ns</c> or a pattern.</summary>
    /// <param name="text">The name or the pattern.</param>
    /// <param name="format">The format.</param>
    /// <param name="error">What is wrong with it, and what would be right.</param>
    public static bool TryCreate(
        string text, [NotNullWhen(true)] out TimestampFormat? format, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        format = null;
        foreach (TimestampFormat count in (ReadOnlySpan<TimestampFormat>)[EpochSeconds, EpochMillis, EpochMicros, EpochNanos])
        {
            format = count.Text.Equals(text, StringComparison.OrdinalIgnoreCase) ? count : format;
        }

        error = null;
        if (format is null && (text.StartsWith("epoch", StringComparison.OrdinalIgnoreCase) || text.StartsWith("unix", StringComparison.OrdinalIgnoreCase)))
        {
            error = "a count since 1970 is epoch-s (seconds), epoch-ms (milliseconds), epoch-us (microseconds) or epoch-ns (nanoseconds)";
        }
        else if (format is null && TimestampPattern.TryCreate(text, out TimestampPattern? pattern, out error))
        {
            format = new TimestampFormat(text, 0, pattern);
        }

        return format is not null;
    }

    /// <summary>Reads a timestamp.</summary>
    /// <param name="text">The whole text, without blanks around it.</param>
    /// <param name="zone">Where the local date must lie in the years 0001 to 9999, and whose clock a text without an offset shows.</param>
    /// <param name="micros">Microseconds since 1970-01-01T00:00:00Z; 0 if it is not a timestamp.</param>
    /// <param name="error">The reason why it is not a timestamp.</param>
    public bool TryParse(ReadOnlySpan<byte> text, LakeTimeZone zone, out long micros, out TimestampError error)
    {
        ArgumentNullException.ThrowIfNull(zone);
        if (_pattern is not null)
        {
            error = _pattern.Parse(text, zone, out micros);
        }
        else if (Utf8Parser.TryParse(text, out long whole, out int bytes) && bytes == text.Length)
        {
            error = FromCount(whole, zone, out micros);
        }
        else if (decimal.TryParse(
            text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out decimal count))
        {
            error = FromCount(count, zone, out micros);
        }
        else
        {
            micros = 0;

            // A number of more digits than the type holds is legible, but far from any date.
            error = text.IsEmpty || text.ContainsAnyExceptInRange((byte)'0', (byte)'9') ? TimestampError.Unreadable : TimestampError.OutOfRange;
        }

        micros = error == TimestampError.None ? micros : 0;
        return error == TimestampError.None;
    }

    /// <summary>Reads a count since 1970; of a pattern's format, no number is a timestamp.</summary>
    /// <param name="count">Seconds, milliseconds, microseconds or nanoseconds.</param>
    /// <param name="zone">Where the local date must lie in the years 0001 to 9999.</param>
    /// <param name="micros">Microseconds since 1970-01-01T00:00:00Z; 0 if it is not a timestamp.</param>
    /// <param name="error">The reason why it is not a timestamp.</param>
    public bool TryFromCount(long count, LakeTimeZone zone, out long micros, out TimestampError error)
    {
        ArgumentNullException.ThrowIfNull(zone);
        micros = 0;
        error = IsEpoch ? FromCount(count, zone, out micros) : TimestampError.Unreadable;
        return error == TimestampError.None;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private TimestampError FromCount(long count, LakeTimeZone zone, out long micros)
    {
        micros = 0;
        long instant;
        if (_unitsPerSecond > MicrosPerSecond)
        {
            // What is past the microseconds is cut off, before 1970 too.
            (instant, long rest) = Math.DivRem(count, _unitsPerSecond / MicrosPerSecond);
            instant -= rest < 0 ? 1 : 0;
        }
        else
        {
            long microsPerUnit = MicrosPerSecond / _unitsPerSecond;
            if (count > MicrosMax / microsPerUnit || count < -MicrosMax / microsPerUnit)
            {
                return TimestampError.OutOfRange;
            }

            instant = count * microsPerUnit;
        }

        return InRange(instant, zone, out micros);
    }

    private TimestampError FromCount(decimal count, LakeTimeZone zone, out long micros)
    {
        micros = 0;
        return Math.Abs(count) > (decimal)MicrosMax / MicrosPerSecond * _unitsPerSecond
            ? TimestampError.OutOfRange
            : InRange((long)decimal.Floor(count * MicrosPerSecond / _unitsPerSecond), zone, out micros);
    }

    private static TimestampError InRange(long instant, LakeTimeZone zone, out long micros)
    {
        // Zones move a time by hours: of nearly all times they need not be asked. From the year 0006 to 9986:
        bool isInRange = instant is > -62_000_000_000_000_000 and < 253_000_000_000_000_000
            || (instant is >= -MicrosMax and <= MicrosMax && LakeTimeZone.IsInRange(zone.LocalDay(instant)));
        micros = isInRange ? instant : 0;
        return isInRange ? TimestampError.None : TimestampError.OutOfRange;
    }
}
