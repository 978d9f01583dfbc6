using System.Buffers.Binary;

namespace OrleansLake.Core.Time;

/// <summary>Reads TZif files: https://www.rfc-editor.org/rfc/rfc9636.html, section 3.</summary>
internal static class TzifReader
{
    private const int HeaderBytes = 44;
    private const int LastRuleYear = 10_000;

    public static LakeTimeZone Read(string id, ReadOnlySpan<byte> file)
    {
        Header header = ReadHeader(id, file);
        int timeBytes = 4;
        ReadOnlySpan<byte> rest = file[HeaderBytes..];
        if (header.Version >= 2)
        {
            rest = Skip(id, rest, header.DataBytes(4));
            header = ReadHeader(id, rest);
            rest = rest[HeaderBytes..];
            timeBytes = 8;
        }

        if (header.DataBytes(timeBytes) > rest.Length || header.Types == 0)
        {
            throw Invalid(id, "it is cut off");
        }

        if (header.Leaps != 0)
        {
            throw Invalid(id, "it counts leap seconds, which timestamps do not");
        }

        ReadOnlySpan<byte> times = rest[..(header.Times * timeBytes)];
        ReadOnlySpan<byte> indexes = rest.Slice(times.Length, header.Times);
        ReadOnlySpan<byte> types = rest.Slice(times.Length + indexes.Length, header.Types * 6);
        PosixZoneRule? rule = timeBytes == 8 ? ReadFooter(id, rest[(int)header.DataBytes(timeBytes)..]) : null;
        if (header.Times == 0 && rule is not null)
        {
            // Without transitions the footer rules all of time (section 3.3).
            var always = new ZoneIntervals(rule.StandardOffset);
            AppendRule(always, rule, long.MinValue, 1);
            return always.ToZone(id);
        }

        var intervals = new ZoneIntervals(Offset(id, types, 0));
        long last = long.MinValue;
        for (int i = 0; i < header.Times; i++)
        {
            long start = timeBytes == 8
                ? BinaryPrimitives.ReadInt64BigEndian(times[(i * 8)..])
                : BinaryPrimitives.ReadInt32BigEndian(times[(i * 4)..]);
            if (i > 0 && start <= last)
            {
                throw Invalid(id, "its transitions are not in order");
            }

            last = start;
            intervals.Add(start, Offset(id, types, indexes[i]));
        }

        if (rule is not null)
        {
            AppendRule(intervals, rule, last, YearOf(last));
        }

        return intervals.ToZone(id);
    }

    private static void AppendRule(ZoneIntervals intervals, PosixZoneRule rule, long after, int firstYear)
    {
        if (!rule.HasDaylight)
        {
            return;
        }

        for (int year = firstYear; year <= LastRuleYear; year++)
        {
            (long start, long end) = rule.Transitions(year);
            (long Start, int Offset) first = (start, rule.DaylightOffset);
            (long Start, int Offset) second = (end, rule.StandardOffset);
            if (end < start)
            {
                (first, second) = (second, first);
            }

            if (first.Start > after)
            {
                intervals.Add(first.Start, first.Offset);
            }

            if (second.Start > after)
            {
                intervals.Add(second.Start, second.Offset);
            }
        }
    }

    private static int YearOf(long seconds) =>
        CivilCalendar.FromDay((int)Math.Clamp(seconds / 86_400, CivilCalendar.FirstDay, CivilCalendar.LastDay)).Year;

    private static Header ReadHeader(string id, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || !bytes.StartsWith("TZif"u8))
        {
            throw Invalid(id, "it does not start as one");
        }

        int version = bytes[4] == 0 ? 1 : bytes[4] - '0';
        return new Header(version, Number(id, bytes, 20), Number(id, bytes, 24), Number(id, bytes, 28),
            Number(id, bytes, 32), Number(id, bytes, 36), Number(id, bytes, 40));
    }

    private static int Number(string id, ReadOnlySpan<byte> bytes, int at)
    {
        uint value = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);

        // No zone has near as many of anything; the bound keeps the sums below from overflowing.
        return value <= 1_000_000 ? (int)value : throw Invalid(id, "its header is damaged");
    }

    private static int Offset(string id, ReadOnlySpan<byte> types, int index)
    {
        if ((index * 6) + 6 > types.Length)
        {
            throw Invalid(id, "it names a type that it does not have");
        }

        int offset = BinaryPrimitives.ReadInt32BigEndian(types[(index * 6)..]);
        return offset is > -90_000 and < 93_600 ? offset : throw Invalid(id, "an offset is out of range");
    }

    private static PosixZoneRule? ReadFooter(string id, ReadOnlySpan<byte> footer)
    {
        int end = footer.IsEmpty || footer[0] != '\n' ? -1 : footer[1..].IndexOf((byte)'\n');
        if (end < 0)
        {
            throw Invalid(id, "its footer is cut off");
        }

        if (end == 0)
        {
            return null;
        }

        return PosixZoneRule.TryParse(footer.Slice(1, end), out PosixZoneRule? rule)
            ? rule
            : throw Invalid(id, "its footer cannot be read");
    }

    private static ReadOnlySpan<byte> Skip(string id, ReadOnlySpan<byte> bytes, long count) =>
        count <= bytes.Length ? bytes[(int)count..] : throw Invalid(id, "it is cut off");

    private static InvalidTimeZoneException Invalid(string id, string why) =>
        new($"The time zone file of '{id}' is not a readable TZif file: {why}.");

    private readonly record struct Header(
        int Version, int UtcFlags, int StandardFlags, int Leaps, int Times, int Types, int NameBytes)
    {
        public long DataBytes(int timeBytes) =>
            ((long)Times * (timeBytes + 1))     // instants and their type indexes
            + ((long)Types * 6)                 // offset, daylight flag, name index
            + NameBytes
            + ((long)Leaps * (timeBytes + 4))
            + StandardFlags
            + UtcFlags;
    }
}
