namespace SourceOfYourOwn;

/// <summary>A place in a file that goes from line to line. A line counts once its end is written.</summary>
internal sealed class LineCursor(string path) : IDisposable
{
    private FileStream? _file;
    private byte[] _bytes = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>Gets the number of lines before the place.</summary>
    internal long Lines { get; private set; }

    /// <summary>Gets a value indicating whether the file is shorter than what was read of it.</summary>
    internal bool IsCutOff => _file is { } file && new FileInfo(path).Length < file.Position;

    /// <summary>Goes back to the file's begin.</summary>
    internal void Restart()
    {
        _file?.Dispose();
        _file = null;
        (Lines, _start, _end) = (0, 0, 0);
    }

    /// <summary>Reads the next line, if it is there.</summary>
    /// <param name="line">Its bytes without its end, in memory of their own: they are kept until they are stored.</param>
    internal bool TryRead(out ReadOnlyMemory<byte> line)
    {
        bool isRead = Next(out ReadOnlySpan<byte> bytes);
        line = isRead ? bytes.TrimEnd((byte)'\r').ToArray() : default;
        return isRead;
    }

    /// <summary>Goes to the end, and returns the number of all lines.</summary>
    internal long CountAll()
    {
        if (IsCutOff)
        {
            Restart();
        }

        while (Next(out _))
        {
        }

        return Lines;
    }

    public void Dispose() => _file?.Dispose();

    private bool Next(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            int length = _bytes.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                line = _bytes.AsSpan(_start, length);
                _start += length + 1;
                Lines++;
                return true;
            }

            if (Fill() == 0)
            {
                line = default;
                return false;
            }
        }
    }

    private int Fill()
    {
        _file ??= new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
        (_start, _end) = (0, _end - _start);
        if (_end == _bytes.Length)
        {
            Array.Resize(ref _bytes, 2 * _bytes.Length);
        }

        int read = _file.Read(_bytes.AsSpan(_end));
        _end += read;
        return read;
    }
}
