using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Input;

namespace OrleansLake.Engine;

/// <summary>The options of an ingest.</summary>
public sealed record IngestOptions
{
    /// <summary>Gets a value indicating whether a file is ingested once more, although it was ingested already.</summary>
    public bool Again { get; init; }

    /// <summary>
    /// Gets the key by which one text file or stream is recognised when it is sent again: one that was cut off continues after what is
    /// durable, one that was ingested whole is skipped. Null: files go by name, size and checksum, streams by nothing.
    /// </summary>
    public SendKey? Key { get; init; }

    /// <summary>Gets the format of the sources; null: each is guessed by its first bytes and its name.</summary>
    public IngestFormat? Format { get; init; }

    /// <summary>
    /// Gets the format of the sources' timestamps; null: RFC 3339 and similar forms in text, and in Parquet what the column's type
    /// says.
    /// </summary>
    public TimestampFormat? TimestampFormat { get; init; }

    /// <summary>
    /// Gets the mapping by which records become messages. Null: the lake's default mapping, if it has one, else none;
    /// <see cref="MessageMapping.None"/>: none in any case.
    /// </summary>
    public MessageMapping? Mapping { get; init; }

    /// <summary>Gets a value indicating whether somebody asked for the mapping.</summary>
    internal bool IsMappingAsked { get; init; }

    /// <summary>Gets the mapping's name, which records that it rejects keep; see <see cref="Rejection.Mapping"/>.</summary>
    internal string? MappingName { get; init; }

    /// <summary>
    /// Gets the files that calls for sources which are named together have ingested: what another name leads to again is skipped. Null:
    /// each call stands alone.
    /// </summary>
    public NamedFiles? Files { get; init; }

    /// <summary>Gets a value indicating whether silver and gold follow while sources are read; without it, accepted messages wait in
    /// the log.</summary>
    public bool FollowUp { get; init; }

    /// <summary>
    /// Gets a callback that is given the number of messages of this call that are durable, whenever it has grown; with
    /// <see cref="Key"/> those that an earlier call ingested are counted as well.
    /// </summary>
    public Action<long>? Acknowledged { get; init; }

    /// <summary>Returns them, unless both they and the mapping say how timestamps are written.</summary>
    /// <exception cref="LakeException">Both do.</exception>
    internal IngestOptions Checked() => TimestampFormat is not null && Mapping?.Fields[0] is { Formats.IsEmpty: false }
        ? throw new LakeException(LakeFailure.Usage, "The mapping says how timestamps are written: change \"format\" of timestamp there, or leave --timestamp-format out.") : this;

    /// <summary>Gets a value indicating whether text is read and parsed by the caller's thread alone, so that the same calls give the
    /// same run; for simulations.</summary>
    internal bool ReadsInline { get; init; }

    /// <summary>Gets the number of bytes of text that are parsed and appended at once.</summary>
    internal int BlockBytes { get; init; } = TextBlockReader.DefaultBlockBytes;
}
