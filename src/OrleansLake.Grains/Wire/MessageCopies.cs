namespace OrleansLake.Grains;

/// <summary>A message's copies in one frame.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLake.MessageCopies")]
public sealed record MessageCopies
{
    /// <summary>Gets the epoch of the partition's owner.</summary>
    [Id(0)]
    public required long Epoch { get; init; }

    /// <summary>Gets the frame's number.</summary>
    [Id(1)]
    public required long Frame { get; init; }

    /// <summary>Gets the copies of the message that counted before the frame; null if it is only to be sent to a grain that does not
    /// know it.</summary>
    [Id(2)]
    public MessageOccurrenceDto[]? Known { get; init; }

    /// <summary>Gets the copies, in the order of their offsets.</summary>
    [Id(3)]
    public required MessageOccurrenceDto[] Copies { get; init; }

    /// <summary>
    /// Gets the stamp that distinguishes what counted before the frame for the copies' keys from anything else that the same owner could have said: the
    /// sum of <see cref="StampOf"/> over the copies. A grain that knows something else, because it missed frames, asks.
    /// </summary>
    [Id(4)]
    public required long KnownStamp { get; init; }

    /// <summary>Returns the part of one copy in the stamp.</summary>
    /// <param name="knownOffset">Where in bronze the copy is that counted for its key; -1 if none did.</param>
    public static long StampOf(long knownOffset)
    {
        ulong mixed = (ulong)(knownOffset + 1) * 0x9E3779B97F4A7C15;
        return (long)((mixed ^ (mixed >> 32)) * 0xE7037ED1A0B428DB);
    }
}
