using System.Buffers.Binary;

namespace OrleansLake.Core.State;

/// <summary>
/// Texts that are kept for good, in chunks of 1 to 64 KiB that never move, each twice as large as the one before: a 4-byte length, then the bytes. A text's place is its
/// chunk in the upper 32 bits and its start in the lower.
/// </summary>
internal sealed class TextArena
{
    private const int ChunkBytesMin = 1 << 10;
    private const int ChunkDoublings = 6;

    private readonly List<byte[]> _chunks = [];
    private int _used;

    public long MemoryBytes { get; private set; }

    public ReadOnlySpan<byte> this[ulong place]
    {
        get
        {
            ReadOnlySpan<byte> from = _chunks[(int)(place >> 32)].AsSpan((int)(uint)place);
            return from.Slice(sizeof(int), BinaryPrimitives.ReadInt32LittleEndian(from));
        }
    }

    /// <summary>Keeps a text and returns its place.</summary>
    public ulong Add(ReadOnlySpan<byte> text)
    {
        int needed = sizeof(int) + text.Length;
        if (_used + needed > (_chunks.Count == 0 ? 0 : _chunks[^1].Length))
        {
            int bytes = ChunkBytesMin << Math.Min(_chunks.Count, ChunkDoublings);
            _chunks.Add(GC.AllocateUninitializedArray<byte>(Math.Max(bytes, needed)));
            MemoryBytes += _chunks[^1].Length;
            _used = 0;
        }

        Span<byte> to = _chunks[^1].AsSpan(_used, needed);
        BinaryPrimitives.WriteInt32LittleEndian(to, text.Length);
        text.CopyTo(to[sizeof(int)..]);
        ulong place = ((ulong)(_chunks.Count - 1) << 32) | (uint)_used;
        _used += needed;
        return place;
    }
}
