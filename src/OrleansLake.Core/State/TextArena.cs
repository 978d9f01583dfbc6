using System.Buffers.Binary;

namespace OrleansLake.Core.State;

/// <summary>
/// Texts that are kept for good, in chunks that never move: a 4-byte length, then the bytes. A text's place is its
/// chunk in the upper 32 bits and its start in the lower.
/// </summary>
internal sealed class TextArena
{
    private const int ChunkBytes = 1 << 16;

    private readonly List<byte[]> _chunks = [];
    private int _used = ChunkBytes;

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
            _chunks.Add(GC.AllocateUninitializedArray<byte>(Math.Max(ChunkBytes, needed)));
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
