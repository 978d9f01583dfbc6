namespace OrleansLake.Engine.Input;

/// <summary>Checks whether a text has certain bytes at certain places. Places that go up are read in one pass.</summary>
/// <param name="open">Opens the unpacked text.</param>
internal sealed class TextPlaces(Func<Stream> open) : IDisposable
{
    private const int PieceBytes = 64 * 1024;

    private readonly byte[] _piece = new byte[PieceBytes];
    private Stream? _text;
    private long _position;

    /// <summary>Returns whether the bytes are there.</summary>
    /// <exception cref="InvalidDataException">The text cannot be unpacked so far.</exception>
    internal bool Holds(long position, ReadOnlySpan<byte> bytes)
    {
        if (position < 0)
        {
            return false;
        }

        if (_text is null || position < _position)
        {
            _text?.Dispose();
            _text = open();
            _position = 0;
        }

        while (_position < position)
        {
            if (Read((int)Math.Min(PieceBytes, position - _position)) == 0)
            {
                return false;
            }
        }

        while (!bytes.IsEmpty)
        {
            int read = Read(Math.Min(PieceBytes, bytes.Length));
            if (read == 0 || !bytes.StartsWith(_piece.AsSpan(0, read)))
            {
                return false;
            }

            bytes = bytes[read..];
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _text?.Dispose();

    private int Read(int most)
    {
        int read = _text!.Read(_piece, 0, most);
        _position += read;
        return read;
    }
}
