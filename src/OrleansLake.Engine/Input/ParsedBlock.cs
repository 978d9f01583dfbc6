using OrleansLake.Core.Messages;

namespace OrleansLake.Engine.Input;

/// <summary>A block's messages, and what in it is none.</summary>
internal sealed class ParsedBlock(InputBlock block)
{
    internal MessageBatch Batch { get; } = new();

    internal List<Rejection> Rejections { get; } = [];

    /// <summary>Gets or sets the columns that some record in it named.</summary>
    internal KnownColumns Columns { get; set; }

    /// <summary>Gets or sets the values of fields that no column takes, by the fields' names; null if there are none.</summary>
    internal IReadOnlyDictionary<string, long>? LeftOut { get; set; }

    /// <summary>Gets a value indicating whether the source ends with it, and its last record lacks its end.</summary>
    internal bool IsUnterminated { get; } = block.IsUnterminated;

    /// <summary>Gets the first record's number, from 1.</summary>
    internal long FirstRecord { get; } = block.FirstRecord;

    /// <summary>Gets the byte that comes next in the unpacked source.</summary>
    internal long EndPosition { get; } = block.EndPosition;

    /// <summary>Gets the record that comes next, from 1.</summary>
    internal long EndRecord { get; } = block.FirstRecord + block.Records;

    /// <summary>Gets the CRC32C of the unpacked source up to <see cref="EndPosition"/>.</summary>
    internal uint PrefixCrc32C { get; } = block.PrefixCrc32C;
}
