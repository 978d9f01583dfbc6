using OrleansLake.Core.Messages;

namespace OrleansLake.Engine.Sending;

/// <summary>The piece of a body that one frame holds.</summary>
internal sealed class SentPiece
{
    internal MessageBatch Batch { get; } = new();

    internal List<Rejection> Rejections { get; } = [];

    /// <summary>Gets or sets the values of fields that no column takes, by the fields' names; null if there are none.</summary>
    internal IReadOnlyDictionary<string, long>? LeftOut { get; set; }

    /// <summary>Gets or sets the columns that some record of it named, null or not.</summary>
    internal KnownColumns Columns { get; set; }

    /// <summary>Gets the offset at which it starts in the body.</summary>
    internal required int Start { get; init; }

    /// <summary>Gets the place where the next piece starts.</summary>
    internal required int End { get; init; }

    /// <summary>Gets or sets the number of its first record, from 1.</summary>
    internal long FirstRecord { get; set; }

    /// <summary>Gets or sets the number of the next piece's first record.</summary>
    internal long EndRecord { get; set; }
}
