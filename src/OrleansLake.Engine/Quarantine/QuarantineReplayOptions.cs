using OrleansLake.Core.Mapping;
using OrleansLake.Core.Time;

namespace OrleansLake.Engine;

/// <summary>The options of a quarantine replay: which rejected records are sent again, and as what.</summary>
public sealed record QuarantineReplayOptions
{
    /// <summary>Gets the records; all that are open if empty.</summary>
    public IReadOnlyList<QuarantineRange> Wanted { get; init; } = [];

    /// <summary>
    /// Gets the replacements of records: NDJSON, usually one line. Only records that are named here are sent then. Null: the
    /// records are sent as they came.
    /// </summary>
    public IReadOnlyDictionary<QuarantineId, byte[]>? Fixes { get; init; }

    /// <summary>
    /// Gets the format of the records' timestamps; null for RFC 3339 and similar forms. Where neither records nor fixes are named, only those
    /// are sent then whose timestamps could not be read.
    /// </summary>
    public TimestampFormat? TimestampFormat { get; init; }

    /// <summary>
    /// Gets the mapping by which records and fixes become messages. Null: of each record the one through which it was read before, which is
    /// mostly the lake's default mapping, if it has one; <see cref="MessageMapping.None"/>: none.
    /// </summary>
    public MessageMapping? Mapping { get; init; }

    /// <summary>Gets a value indicating whether the replay only reports what would become of them.</summary>
    public bool IsDryRun { get; init; }
}
