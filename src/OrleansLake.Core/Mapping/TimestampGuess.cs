using System.Collections.Immutable;
using System.Text;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Mapping;

/// <summary>The formats in which a place's values are timestamps.</summary>
internal sealed class TimestampGuess
{
    private const int ValuesMax = 200;
    private const int FormatsMax = 4;

    // Half of the values are enough: without a format each message would have the time of its receipt.
    private const double Enough = 0.5;

    // A number that is a time before 1990 or after 2040 is another number.
    private const long EpochMin = 631_152_000_000_000;
    private const long EpochMax = 2_240_611_200_000_000;

    private static readonly LakeTimeZone Elsewhere = LakeTimeZone.FromFixedOffset("+05:00")!;

    private TimestampGuess(ImmutableArray<TimestampFormat?> formats, ImmutableArray<TimestampFormat?> alike, string first, bool hasNoOffset, bool isAll)
    {
        Formats = formats;
        Alike = alike;
        First = first;
        HasNoOffset = hasNoOffset;
        IsAll = isAll;
    }

    /// <summary>Gets the formats, in the order in which they are to be tried; null: RFC 3339 and similar forms.</summary>
    public ImmutableArray<TimestampFormat?> Formats { get; }

    /// <summary>Gets formats that read as many of the values as the first does, and other times.</summary>
    public ImmutableArray<TimestampFormat?> Alike { get; }

    /// <summary>Gets a value that is read.</summary>
    public string First { get; }

    /// <summary>Gets a value indicating whether values say no offset, so that they are of the lake's time zone.</summary>
    public bool HasNoOffset { get; }

    /// <summary>Gets a value indicating whether all values are read.</summary>
    public bool IsAll { get; }

    /// <summary>Guesses; null if the values are not timestamps.</summary>
    /// <param name="facts">The place.</param>
    /// <param name="zone">The lake's time zone.</param>
    public static TimestampGuess? Of(PathFacts facts, LakeTimeZone zone)
    {
        string[] values = [.. facts.Distinct.Keys.Take(ValuesMax)];
        var reads = new Dictionary<string, (TimestampFormat? Format, HashSet<int> Values)>(StringComparer.Ordinal);
        for (int i = 0; i < values.Length; i++)
        {
            byte[] text = Encoding.UTF8.GetBytes(values[i]);
            foreach (TimestampFormat? format in TimestampLook.FormatsOf(text, zone).Where(format => format is not { IsEpoch: true } || Read(text, format, zone) is >= EpochMin and < EpochMax))
            {
                string key = format?.Text ?? "";
                if (!reads.TryGetValue(key, out (TimestampFormat? Format, HashSet<int> Values) known))
                {
                    reads.Add(key, known = (format, []));
                }

                known.Values.Add(i);
            }
        }

        (TimestampFormat? Format, HashSet<int> Values)[] found = [.. reads.Values.OrderByDescending(static one => one.Values.Count)];
        int all = values.Sum(value => facts.Distinct[value]);
        if (found.Length == 0 || found.SelectMany(static one => one.Values).Distinct().Sum(i => facts.Distinct[values[i]]) <= Enough * all)
        {
            return null;
        }

        var formats = new List<TimestampFormat?>();
        var read = new HashSet<int>();
        foreach ((TimestampFormat? format, HashSet<int> of) in found)
        {
            if (!of.IsSubsetOf(read) && formats.Count < FormatsMax && !(format is { IsEpoch: true } && formats.Exists(static one => one is { IsEpoch: true })))
            {
                formats.Add(format);
                read.UnionWith(of);
            }
        }

        string first = values[found[0].Values.First()];
        return new TimestampGuess(
            [.. formats],
            [.. found[1..].Where(one => one.Values.SetEquals(found[0].Values) && found[0].Values.Any(i => IsOther(values[i], found[0].Format, one.Format, zone))).Select(static one => one.Format)],
            first,
            values.Any(value => Moves(value, formats)),
            read.Count == values.Length);
    }

    private static bool IsOther(string value, TimestampFormat? one, TimestampFormat? other, LakeTimeZone zone) =>
        Read(Encoding.UTF8.GetBytes(value), one, zone) != Read(Encoding.UTF8.GetBytes(value), other, zone);

    // A time that is another one in another zone.
    private static bool Moves(string value, List<TimestampFormat?> formats)
    {
        byte[] text = Encoding.UTF8.GetBytes(value);
        foreach (TimestampFormat? format in formats)
        {
            if (Read(text, format, LakeTimeZone.Utc) is { } here)
            {
                return Read(text, format, Elsewhere) != here;
            }
        }

        return false;
    }

    private static long? Read(byte[] text, TimestampFormat? format, LakeTimeZone zone) =>
        (format is null ? TimestampText.TryParse(text, zone, out long micros, out _) : format.TryParse(text, zone, out micros, out _)) ? micros : null;
}
