using System.Globalization;

namespace OrleansLake.Client;

/// <summary>The partitions of a source that are to be read from another offset, and that offset.</summary>
/// <param name="Source">The source's name.</param>
public sealed record SourceSeek(string Source)
{
    private const string Earliest = "earliest";
    private const string Latest = "latest";

    /// <summary>Gets the topic, by its name where people see it; null: all of the source's.</summary>
    public string? Topic { get; init; }

    /// <summary>Gets the partition's number; null: all of them.</summary>
    public int? Partition { get; init; }

    /// <summary>Gets the place, where no offset is given.</summary>
    public SourcePlace Place { get; init; }

    /// <summary>Gets the offset, of one partition; null: <see cref="Place"/>.</summary>
    public long? Offset { get; init; }

    /// <summary>Gets <see cref="Offset"/>, or the place, as <see cref="To"/> reads it.</summary>
    internal string ToText => Offset?.ToString(CultureInfo.InvariantCulture) ?? (Place == SourcePlace.Latest ? Latest : Earliest);

    /// <summary>Returns the same to another offset.</summary>
    /// <param name="offset"><c>earliest</c>, <c>latest</c>, or an offset: a whole number from 0.</param>
    /// <returns>Null if it is none of them.</returns>
    public SourceSeek? To(string offset) => offset switch
    {
        Earliest => this with { Place = SourcePlace.Earliest, Offset = null },
        Latest => this with { Place = SourcePlace.Latest, Offset = null },
        _ => long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? this with { Offset = number } : null,
    };
}
