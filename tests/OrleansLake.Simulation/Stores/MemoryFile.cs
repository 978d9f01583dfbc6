namespace OrleansLake.Simulation.Stores;

/// <summary>
/// The bytes of a file, whatever its names: what reads see, what a power failure leaves, and the writes between the two.
/// </summary>
internal sealed class MemoryFile
{
    private const int SectorBytes = 512;

    private readonly List<(long Position, byte[] Bytes)> _unsynced = [];
    private byte[] _durable = [];

    /// <summary>Gets what reads see.</summary>
    public byte[] Content { get; private set; } = [];

    public long ModifiedUtcTicks { get; set; }

    public static MemoryFile Durable(byte[] bytes) => new() { Content = bytes, _durable = bytes };

    /// <summary>Turns one bit, wherever the bytes are.</summary>
    public void Turn(long bit)
    {
        byte mask = (byte)(1 << (int)(bit % 8));
        Content[bit / 8] ^= mask;
        if (!ReferenceEquals(Content, _durable) && bit / 8 < _durable.Length)
        {
            _durable[bit / 8] ^= mask;
        }
    }

    /// <summary>Room that reads as zeros; like all else it is lost if it was not made durable.</summary>
    public void Allocate(long bytes) => Content = ArrayGrowth(Content, bytes);

    public void Write(ReadOnlySpan<byte> bytes, long position)
    {
        Content = ArrayGrowth(Content, position + bytes.Length);
        bytes.CopyTo(Content.AsSpan((int)position));
        _unsynced.Add((position, bytes.ToArray()));
    }

    public void Truncate(long length) => Content = Content[..(int)Math.Min(length, Content.Length)];

    public void Sync()
    {
        // The writes, not the content: what a failed sync left behind is not saved by a later one.
        _durable = ArrayGrowth([.. _durable], Content.Length)[..Content.Length];
        foreach ((long position, byte[] written) in _unsynced)
        {
            if (position + written.Length <= _durable.Length)
            {
                written.CopyTo(_durable.AsSpan((int)position));
            }
        }

        _unsynced.Clear();
    }

    /// <summary>Marks what was written since the last sync as clean: no later sync writes it.</summary>
    /// <param name="random">How much of it reached the disk all the same.</param>
    public void FailSync(Random random)
    {
        _durable = Survivors(CrashMode.Reordered, random);
        _unsynced.Clear();
    }

    /// <summary>The machine stops.</summary>
    public void Crash(CrashMode mode, Random random)
    {
        Content = mode == CrashMode.Killed ? Content : Survivors(mode, random);
        _durable = [.. Content];
        _unsynced.Clear();
    }

    private byte[] Survivors(CrashMode mode, Random random)
    {
        byte[] bytes = [.. _durable];
        int whole = mode == CrashMode.Torn ? random.Next(_unsynced.Count + 1) : _unsynced.Count;
        for (int i = 0; i < _unsynced.Count && mode != CrashMode.Dropped; i++)
        {
            (long position, byte[] written) = _unsynced[i];
            if (mode == CrashMode.Torn)
            {
                int kept = i < whole ? written.Length : i == whole ? random.Next(written.Length + 1) : 0;
                bytes = Put(bytes, position, written.AsSpan(0, kept));
                continue;
            }

            for (int at = 0; at < written.Length;)
            {
                int end = (int)Math.Min(written.Length, (((position + at) / SectorBytes) + 1) * SectorBytes - position);
                Span<byte> sector = written.AsSpan(at, end - at);
                if (random.Next(2) == 0)
                {
                    bytes = Put(bytes, position + at, sector);
                }
                else if (mode == CrashMode.Garbled && random.Next(2) == 0)
                {
                    byte[] noise = new byte[sector.Length];
                    random.NextBytes(noise);
                    bytes = Put(bytes, position + at, noise);
                }

                at = end;
            }
        }

        return bytes;
    }

    private static byte[] Put(byte[] bytes, long position, ReadOnlySpan<byte> written)
    {
        if (written.Length > 0)
        {
            bytes = ArrayGrowth(bytes, position + written.Length);
            written.CopyTo(bytes.AsSpan((int)position));
        }

        return bytes;
    }

    private static byte[] ArrayGrowth(byte[] bytes, long length)
    {
        if (length > bytes.Length)
        {
            Array.Resize(ref bytes, (int)length);
        }

        return bytes;
    }
}
