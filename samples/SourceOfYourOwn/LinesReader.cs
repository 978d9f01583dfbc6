using OrleansLake.Client;
using OrleansLake.Core.Messages;

namespace SourceOfYourOwn;

/// <summary>Reads a file's lines as they come.</summary>
internal sealed class LinesReader(string path, string name, Action<string> lost) : ITopicReader
{
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(5);

    // What identifies it stays when the file's folder is mounted elsewhere: here its name, in a real source an id that nobody gives twice.
    private readonly SourcePartition _partition = new(name, 0, name);

    // One that reads, from line to line, and one that only counts, for the lag.
    private readonly LineCursor _reading = new(path);
    private readonly LineCursor _counting = new(path);
    private long? _assigned;

    public Task<IReadOnlyList<SourcePartition>> FindPartitionsAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            lost($"there is no file {path}; it is read once there is one");
            return Task.FromResult<IReadOnlyList<SourcePartition>>([]);
        }

        return Task.FromResult<IReadOnlyList<SourcePartition>>([_partition]);
    }

    public Task<long> FindOffsetAsync(SourcePartition partition, SourcePlace place, CancellationToken cancellationToken) =>
        Task.FromResult(place == SourcePlace.Latest ? _counting.CountAll() : 0);

    public void Assign(SourcePartition partition, long offset)
    {
        _assigned = offset;
        _reading.Restart();
    }

    public void Unassign(SourcePartition partition) => _assigned = null;

    public SourceRead Read(TimeSpan wait)
    {
        for (TimeSpan waited = TimeSpan.Zero; ; waited += Rest)
        {
            if (_assigned is { } next && File.Exists(path))
            {
                if (_reading.IsCutOff)
                {
                    // Shorter than what was read of it: another file under the same name.
                    return SourceRead.OutOfRange(_partition, 0, _counting.CountAll());
                }

                while (_reading.TryRead(out ReadOnlyMemory<byte> line))
                {
                    long offset = _reading.Lines - 1;
                    if (offset >= next)
                    {
                        _assigned = offset + 1;
                        return line.IsEmpty ? SourceRead.WithoutValue(_partition, offset) : SourceRead.Of(_partition, new TopicRecord(offset, line), default);
                    }
                }

                if (_reading.Lines < next)
                {
                    return SourceRead.OutOfRange(_partition, 0, _reading.Lines);
                }
            }

            if (waited >= wait)
            {
                return SourceRead.Nothing;
            }

            Thread.Sleep(Rest);
        }
    }

    public long? EndOf(SourcePartition partition) => File.Exists(path) ? _counting.CountAll() : null;

    public ValueTask DisposeAsync()
    {
        _reading.Dispose();
        _counting.Dispose();
        return ValueTask.CompletedTask;
    }
}
