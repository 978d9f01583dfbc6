namespace OrleansLake.Engine.Tests;

/// <summary>Brings a given number of bytes at once.</summary>
internal sealed class PieceStream(byte[] bytes, int piece) : MemoryStream(bytes)
{
    public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, piece)]);

    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, piece));
}
