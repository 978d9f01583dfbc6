using System.Diagnostics.CodeAnalysis;
using System.Text;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;

namespace OrleansLake.Engine.Input;

/// <summary>The rules by which records of text are read.</summary>
/// <param name="Zone">The lake's time zone.</param>
/// <param name="TimestampFormat">The format of timestamps; null for RFC 3339 and similar forms.</param>
/// <param name="Mapping">How records become messages; null, or <see cref="MessageMapping.None"/>, if they are messages as they are.</param>
/// <param name="Clock">The clock, for records whose timestamp is the time of their receipt.</param>
internal sealed record RecordRules(LakeTimeZone Zone, TimestampFormat? TimestampFormat, MessageMapping? Mapping, TimeProvider Clock)
{
    /// <summary>Gets the mapping; null if records are messages as they are.</summary>
    internal MessageMapping? Mapping { get; init; } = Mapping == MessageMapping.None ? null : Mapping;

    /// <summary>Gets what the lake keeps of records beside their messages.</summary>
    internal KeptFields Keep { get; init; }

    /// <summary>Gets the types of the lake's ids.</summary>
    internal IdTypes Ids { get; init; } = IdTypes.Default;

    /// <summary>Gets what the source is called in the lake, if that is kept.</summary>
    internal string Source { get; init; } = "";

    /// <summary>Gets what the records' broker knows of them; null: they are not a broker's.</summary>
    internal RecordOrigin? Origin { get; init; }

    // In microseconds since 1970.
    private long Now => (Clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Returns a reader of JSON, for one thread.</summary>
    internal NdjsonParser NewJsonParser() => new(Zone, TimestampFormat, Mapping, Mapping is null ? 0 : Now, Ids) { Keeping = NewKeeping() };

    /// <summary>Returns what appends what is kept of records, for one thread; null if nothing is.</summary>
    internal RecordKeeping? NewKeeping() => Keep == KeptFields.None ? null : new RecordKeeping(Keep, Encoding.UTF8.GetBytes(Source), Mapping) { Origin = Origin };

    /// <summary>Returns the same for rows of Parquet.</summary>
    internal RecordKeeping? NewRowKeeping() => Keep == KeptFields.None ? null : new RecordKeeping(Keep, Encoding.UTF8.GetBytes(Source), Mapping) { SkipsNulls = true };

    /// <summary>Returns the same for rows of Parquet of which a mapping makes messages.</summary>
    /// <param name="root">The places of a file's columns to which the mapping's paths lead.</param>
    /// <param name="values">The values of the rows.</param>
    internal RecordKeeping? NewRowKeeping(PathNode root, MappedValues values) => Keep == KeptFields.None ? null
        : new RecordKeeping(Keep, Encoding.UTF8.GetBytes(Source), Mapping) { SkipsNulls = true, Root = root, Values = values };

    /// <summary>Returns a reader of the JSON as which rows of Parquet are kept in quarantine, for one thread.</summary>
    internal NdjsonParser NewStoredRowParser() => new(Zone, TimestampFormat, Mapping?.OfStoredRows(TimestampFormat), Mapping is null ? 0 : Now, Ids) { Keeping = NewKeeping() };

    /// <summary>Returns what makes messages of the values of rows, for one thread.</summary>
    internal MappedValues NewMappedValues(MessageMapping mapping) => new(mapping, Zone, TimestampFormat, Now);

    /// <summary>Returns what keeps the ids of records, for one thread; null where they are numbers of 32 bits.</summary>
    internal RecordIds? NewRecordIds() => RecordIds.Of(Ids);

    /// <summary>Returns a reader of the rows of a table, for one thread.</summary>
    /// <param name="start">The table's start, with its header.</param>
    /// <param name="separator">The separator of fields.</param>
    /// <exception cref="InvalidDataException">It is not a table of messages.</exception>
    internal CsvParser NewCsvParser(ReadOnlySpan<byte> start, byte separator)
    {
        if (!CsvParser.TryOpen(start, Zone, separator, TimestampFormat, out CsvParser? parser, out string? error, Mapping, Mapping is null ? 0 : Now, Ids))
        {
            throw new InvalidDataException(error);
        }

        parser.Keeping = NewKeeping();
        return parser;
    }

    /// <summary>Returns whether a text begins with the header of a table of messages.</summary>
    internal bool IsTable(ReadOnlySpan<byte> start, byte separator, [NotNullWhen(false)] out string? error) =>
        CsvParser.TryOpen(start, Zone, separator, TimestampFormat, out _, out error, Mapping);
}
