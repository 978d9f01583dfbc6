namespace OrleansLake.Core.Messages;

/// <summary>Input that is not a message: why, and the bytes as they came.</summary>
/// <param name="Reason">The reason's code.</param>
/// <param name="Detail">The fault and what would be right, for people.</param>
/// <param name="Record">The record's number in its source, from 1 (a line, or a row).</param>
/// <param name="Position">The byte in its source (unpacked, where it is packed) at which the record starts; -1 where a source has none.</param>
/// <param name="Raw">The bytes as they came.</param>
public sealed record Rejection(RejectionReason Reason, string Detail, long Record, long Position, byte[] Raw)
{
    /// <summary>The number of rejected records that the answer to a send lists, unless it is asked for another number.</summary>
    public const int ListedMax = 100;

    /// <summary>
    /// Gets the name of the mapping through which it was read; null: the lake's default mapping or none; empty: a mapping that the lake does not
    /// keep.
    /// </summary>
    public string? Mapping { get; init; }

    /// <summary>Gets how many lines its bytes span: an unclosed quote may span many.</summary>
    public int LineCount
    {
        get
        {
            ReadOnlySpan<byte> text = Raw.AsSpan().TrimEnd("\r\n"u8);
            return 1 + (text.Contains((byte)'\n') ? text.Count((byte)'\n') : text.Count((byte)'\r'));
        }
    }
}
