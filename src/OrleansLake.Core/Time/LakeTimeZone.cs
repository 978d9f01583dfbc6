using System.Buffers.Text;
using System.Text;

namespace OrleansLake.Core.Time;

/// <summary>
/// The clock of a place: which offset from UTC held in which interval of instants. A value, built once; all of its
/// methods are pure and may be called from any thread.
/// </summary>
/// <remarks>
/// Offsets are whole seconds, local mean times included, as Java and Python have them. A zone that changes its clocks
/// by a rule has the rule's transitions spelled out up to the year 10000, so looking one up is a binary search.
/// </remarks>
public sealed class LakeTimeZone
{
    private const long MicrosPerSecond = 1_000_000;
    private const int SecondsPerDay = 86_400;

    // _starts[i] is the UTC second at which _offsets[i + 1] begins to hold; _offsets[0] holds before all of them.
    private readonly long[] _starts;
    private readonly int[] _offsets;

    // The local second from which the offset after transition i is taken: its gap and its overlap belong to the
    // offset before it.
    private readonly long[] _localStarts;

    internal LakeTimeZone(string id, long[] starts, int[] offsets)
    {
        Id = id;
        _starts = starts;
        _offsets = offsets;
        _localStarts = new long[starts.Length];
        for (int i = 0; i < starts.Length; i++)
        {
            _localStarts[i] = starts[i] + Math.Max(offsets[i], offsets[i + 1]);
        }
    }

    /// <summary>Gets coordinated universal time.</summary>
    public static LakeTimeZone Utc { get; } = new("UTC", [], [0]);

    /// <summary>Gets the name that it was created with, such as <c>America/New_York</c>, <c>UTC</c> or <c>+02:00</c>.</summary>
    public string Id { get; }

    /// <summary>Reads a TZif file (RFC 9636, version 1 to 4).</summary>
    /// <exception cref="InvalidTimeZoneException">The bytes are not a TZif file, or one that counts leap seconds.</exception>
    public static LakeTimeZone FromTzif(string id, ReadOnlySpan<byte> file) => TzifReader.Read(id, file);

    /// <summary>
    /// Takes the rules that the platform holds. They are coarser than a TZif file's: offsets of whole minutes, and
    /// for the years before 1800 the offset of 1800.
    /// </summary>
    public static LakeTimeZone FromTimeZoneInfo(TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return TimeZoneInfoReader.Read(zone);
    }

    /// <summary>
    /// Reads a fixed offset: <c>UTC</c>, <c>Z</c>, or <c>+02:00</c>, <c>-0530</c>, <c>+02</c> up to 18 hours.
    /// </summary>
    /// <returns>The zone, or null if the name is not a fixed offset.</returns>
    public static LakeTimeZone? FromFixedOffset(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (id is "UTC" or "Z")
        {
            return Utc;
        }

        return TryParseOffset(Encoding.UTF8.GetBytes(id), out int seconds) && Math.Abs(seconds) <= 18 * 3600
            ? new LakeTimeZone(id, [], [seconds])
            : null;
    }

    /// <summary>Returns whether a local day is within 0001-01-01 and 9999-12-31, the dates that a lake holds.</summary>
    public static bool IsInRange(int day) => day is >= CivilCalendar.FirstDay and <= CivilCalendar.LastDay;

    /// <summary>Returns the local date of an instant.</summary>
    /// <param name="micros">Microseconds since 1970-01-01T00:00:00Z.</param>
    /// <returns>Days since 1970-01-01.</returns>
    public int LocalDay(long micros)
    {
        long seconds = FloorSeconds(micros);
        return FloorDays(seconds + _offsets[IntervalOf(seconds)]);
    }

    /// <summary>Computes the local dates of instants: <see cref="LocalDay"/> for each.</summary>
    /// <param name="micros">Microseconds since 1970-01-01T00:00:00Z.</param>
    /// <param name="days">Days since 1970-01-01, as many as there are instants.</param>
    public void LocalDays(ReadOnlySpan<long> micros, Span<int> days)
    {
        days = days[..micros.Length];

        // Neighbours mostly fall into one interval of the clock, so the last one found is tried first.
        long from = 1;
        long until = 0;
        int offset = 0;
        for (int i = 0; i < micros.Length; i++)
        {
            long seconds = FloorSeconds(micros[i]);
            if (seconds < from || seconds >= until)
            {
                int interval = IntervalOf(seconds);
                from = interval == 0 ? long.MinValue : _starts[interval - 1];
                until = interval == _starts.Length ? long.MaxValue : _starts[interval];
                offset = _offsets[interval];
            }

            days[i] = FloorDays(seconds + offset);
        }
    }

    /// <summary>
    /// Returns the instant at which the local clock shows a time. In a gap the time is moved forward by the gap's length, in
    /// an overlap it is the earlier instant, as in <c>java.time.LocalDateTime.atZone</c>.
    /// </summary>
    /// <param name="localMicros">Microseconds since 1970-01-01T00:00:00 on the local clock, at least two days within
    /// the range of the type.</param>
    /// <returns>Microseconds since 1970-01-01T00:00:00Z.</returns>
    public long ToInstant(long localMicros)
    {
        int interval = UpperBound(_localStarts, FloorSeconds(localMicros));
        return localMicros - (_offsets[interval] * MicrosPerSecond);
    }

    /// <summary>Returns the offset at an instant, in seconds east of UTC.</summary>
    /// <param name="micros">Microseconds since 1970-01-01T00:00:00Z.</param>
    public int OffsetSeconds(long micros) => _offsets[IntervalOf(FloorSeconds(micros))];

    /// <inheritdoc/>
    public override string ToString() => Id;

    /// <summary>Reads <c>±hh:mm</c>, <c>±hhmm</c> or <c>±hh</c>, up to 23:59.</summary>
    internal static bool TryParseOffset(ReadOnlySpan<byte> text, out int seconds)
    {
        seconds = 0;
        if (text.Length is not (3 or 5 or 6) || text[0] is not ((byte)'+' or (byte)'-')
            || (text.Length == 6 && text[3] != ':'))
        {
            return false;
        }

        int minute = 0;
        if (!TryTwoDigits(text[1..], out int hour) || hour > 23
            || (text.Length > 3 && (!TryTwoDigits(text[^2..], out minute) || minute > 59)))
        {
            return false;
        }

        seconds = ((hour * 60) + minute) * (text[0] == '-' ? -60 : 60);
        return true;
    }

    private static bool TryTwoDigits(ReadOnlySpan<byte> text, out int value) =>
        Utf8Parser.TryParse(text[..2], out value, out int read, 'D') && read == 2 && text[0] is >= (byte)'0' and <= (byte)'9';

    private int IntervalOf(long seconds) => _starts.Length == 0 ? 0 : UpperBound(_starts, seconds);

    /// <summary>Returns the number of the sorted values that are not above the one given.</summary>
    private static int UpperBound(long[] sorted, long value)
    {
        int low = 0;
        int high = sorted.Length;
        while (low < high)
        {
            int middle = (int)((uint)(low + high) >> 1);
            if (sorted[middle] <= value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static long FloorSeconds(long micros)
    {
        long seconds = micros / MicrosPerSecond;
        return seconds - (micros < seconds * MicrosPerSecond ? 1 : 0);
    }

    private static int FloorDays(long seconds)
    {
        long days = seconds / SecondsPerDay;
        return (int)(days - (seconds < days * SecondsPerDay ? 1 : 0));
    }
}
