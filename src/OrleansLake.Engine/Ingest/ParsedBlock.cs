using OrleansLake.Core.Messages;

namespace OrleansLake.Engine.Ingest;

/// <summary>A block's messages, and what in it is none.</summary>
internal sealed class ParsedBlock(InputBlock block)
{
    internal MessageBatch Batch { get; } = new();

    internal List<Rejection> Rejections { get; } = [];

    /// <summary>The byte that comes next in the unpacked source.</summary>
    internal long EndPosition { get; } = block.EndPosition;

    /// <summary>The record that comes next, from 1.</summary>
    internal long EndRecord { get; } = block.FirstRecord + block.Records;

    /// <summary>CRC32C of the unpacked source up to <see cref="EndPosition"/>.</summary>
    internal uint PrefixCrc32C { get; } = block.PrefixCrc32C;
}
