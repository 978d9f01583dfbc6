using OrleansLake.Core.Messages;

namespace OrleansLake.Engine.Sending;

/// <summary>What one frame takes of a body.</summary>
internal sealed class SentPiece
{
    internal MessageBatch Batch { get; } = new();

    internal List<Rejection> Rejections { get; } = [];

    /// <summary>Where it starts in the body.</summary>
    internal required int Start { get; init; }

    /// <summary>Where the next piece starts.</summary>
    internal required int End { get; init; }

    /// <summary>The number of its first record, from 1.</summary>
    internal long FirstRecord { get; set; }

    /// <summary>The number of the next piece's first record.</summary>
    internal long EndRecord { get; set; }
}
