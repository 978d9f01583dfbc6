using System.Runtime.ExceptionServices;

namespace OrleansLake.Parquet.Internal.Writing;

/// <summary>
/// Row groups on their way into the file: their columns are encoded by threads of the pool, and by the caller while it
/// has to wait, and written in the order of the file by whichever thread finds the next one ready.
/// </summary>
/// <remarks>
/// Invariants, under <c>_gate</c>: row groups <c>[_written, _added)</c> are under way, each in the slot of its number
/// modulo the number of slots; at most <c>threads</c> threads are at work and one of them writes; after a failure
/// nothing is begun. A thread that leaves for want of work leaves none behind: work arises by <see cref="Add"/>, which
/// calls threads, and by what a thread has just done, which it looks at itself.
/// </remarks>
internal sealed class RowGroupPipeline : IThreadPoolWorkItem, IDisposable
{
    private readonly object _gate = new();
    private readonly ParquetSchema _schema;
    private readonly ParquetWriterOptions _options;
    private readonly FileSink _sink;
    private readonly RowGroupSlot?[] _slots;
    private readonly List<ChunkRecord[]> _records = [];
    private long _added;
    private long _written;
    private int _atWork;
    private int _called;
    private bool _isWriting;
    private ExceptionDispatchInfo? _failure;

    public RowGroupPipeline(ParquetSchema schema, ParquetWriterOptions options, FileSink sink)
    {
        _schema = schema;
        _options = options;
        _sink = sink;

        // One that is being written, and as many as keep all threads busy meanwhile.
        int columns = schema.Fields.Count;
        _slots = new RowGroupSlot[options.Threads == 1 ? 1 : 1 + ((options.Threads + columns - 1) / columns)];
    }

    /// <summary>Gets the row groups that are in the file, once none is under way.</summary>
    public IReadOnlyList<ChunkRecord[]> Records => _records;

    /// <summary>Gets the number of row groups that were begun.</summary>
    public long Added => _added;

    /// <summary>
    /// Begins a row group. Helps with those under way while there are as many as there may be; with one thread, does
    /// all of it here.
    /// </summary>
    public void Add(ReadOnlySpan<ColumnData> columns, int start, int count, TaskCompletionSource? completion)
    {
        HelpUntilWritten(_added + 1 - _slots.Length);
        int calls;
        lock (_gate)
        {
            RowGroupSlot slot = _slots[_added % _slots.Length] ??= new RowGroupSlot(_schema, _options);
            slot.Begin(columns, start, count, completion);
            _added++;
            calls = _options.Threads == 1 ? 0 : Math.Max(0, Math.Min(_options.Threads, columns.Length) - _called);
            _called += calls;
        }

        for (int i = 0; i < calls; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        if (_options.Threads == 1)
        {
            HelpUntilWritten(_added);
        }
    }

    /// <summary>Works until so many row groups are in the file.</summary>
    public void HelpUntilWritten(long rowGroups)
    {
        while (TryTakeUntilWritten(rowGroups, out Work work))
        {
            Do(work);
        }
    }

    public void Execute()
    {
        lock (_gate)
        {
            _called--;
        }

        while (true)
        {
            Work work;
            lock (_gate)
            {
                if (!TryTake(out work))
                {
                    return;
                }
            }

            Do(work);
        }
    }

    /// <summary>Abandons what is under way.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _failure ??= ExceptionDispatchInfo.Capture(new ObjectDisposedException("ParquetWriter"));
            while (_atWork != 0)
            {
                Monitor.Wait(_gate);
            }

            FailPending();
        }

        foreach (RowGroupSlot? slot in _slots)
        {
            slot?.Dispose();
        }
    }

    private bool TryTakeUntilWritten(long rowGroups, out Work work)
    {
        lock (_gate)
        {
            work = default;
            while (_failure is not null || _written < rowGroups)
            {
                if (TryTake(out work))
                {
                    return true;
                }

                // Not before the last thread has let go of the caller's arrays.
                if (_atWork == 0)
                {
                    _failure?.Throw();
                }

                Monitor.Wait(_gate);
            }

            return false;
        }
    }

    private bool TryTake(out Work work)
    {
        work = default;
        if (_failure is not null || _atWork == _options.Threads || _written == _added)
        {
            return false;
        }

        RowGroupSlot first = SlotOf(_written);
        if (!_isWriting && first.IsNextEncoded)
        {
            _isWriting = true;
            _atWork++;
            work = new Work(first, first.WrittenCount, IsWrite: true);
            return true;
        }

        for (long number = _written; number < _added; number++)
        {
            if (SlotOf(number).TryClaim(out int column))
            {
                _atWork++;
                work = new Work(SlotOf(number), column, IsWrite: false);
                return true;
            }
        }

        return false;
    }

    private void Do(Work work)
    {
        ExceptionDispatchInfo? failure = null;
        try
        {
            if (work.IsWrite)
            {
                work.RowGroup.WriteNext(_sink);
            }
            else
            {
                work.RowGroup.Encode(work.Column);
            }
        }
        catch (Exception e)
        {
            // Whatever it is, it belongs to the caller, who may be on another thread.
            failure = ExceptionDispatchInfo.Capture(e);
        }

        lock (_gate)
        {
            _atWork--;
            if (failure is not null)
            {
                _failure ??= failure;
            }
            else if (work.IsWrite)
            {
                EndWrite(work.RowGroup);
            }
            else
            {
                work.RowGroup.MarkEncoded(work.Column);
            }

            if (_failure is not null && _atWork == 0)
            {
                FailPending();
            }

            Monitor.PulseAll(_gate);
        }
    }

    private void EndWrite(RowGroupSlot rowGroup)
    {
        _isWriting = false;
        rowGroup.MarkWritten();
        if (rowGroup.IsWritten)
        {
            _records.Add(rowGroup.Records);
            _written++;
            rowGroup.Completion?.TrySetResult();
        }
    }

    private void FailPending()
    {
        for (long number = _written; number < _added; number++)
        {
            if (SlotOf(number).Completion is { } completion && completion.TrySetException(_failure!.SourceException))
            {
                // The writer throws it too: nobody has to await the task.
                _ = completion.Task.Exception;
            }
        }
    }

    private RowGroupSlot SlotOf(long number) => _slots[number % _slots.Length]!;

    private readonly record struct Work(RowGroupSlot RowGroup, int Column, bool IsWrite);
}
