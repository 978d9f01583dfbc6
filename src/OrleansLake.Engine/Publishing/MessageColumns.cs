using System.Buffers;
using OrleansLake.Core.Countries;
using OrleansLake.Core.Messages;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Publishing;

/// <summary>
/// Gathers rows of applied batches into the contiguous columns of one row group. The arrays are rented; they go
/// back when this is disposed, so the columns must be written before.
/// </summary>
internal sealed class MessageColumns : IDisposable
{
    private readonly List<Action> _returns = [];
    private readonly IReadOnlyList<RowRun> _runs;
    private readonly int _rows;

    internal MessageColumns(IReadOnlyList<RowRun> runs)
    {
        _runs = runs;
        foreach (RowRun run in runs)
        {
            _rows += run.Rows.Length;
        }
    }

    /// <summary>The seven columns of bronze: the message as it came.</summary>
    internal List<ColumnData> Bronze(NameTable eventTypes, NameTable channels) =>
    [
        Timestamps(),
        Values(),
        Names(eventTypes, static b => (b.Batch.EventTypes, b.EventTypeCodes)),
        MessageIds(),
        Names(channels, static b => (b.Batch.Channels, b.ChannelCodes)),
        Numbers(static b => b.CountryIds),
        Numbers(static b => b.UserIds),
    ];

    /// <summary>The nine columns of silver: the message, its country's name and its offset in bronze.</summary>
    internal List<ColumnData> Silver(NameTable eventTypes, NameTable channels, CountryTable countries)
    {
        List<ColumnData> columns = Bronze(eventTypes, channels);
        columns.Add(Countries(countries));
        columns.Add(Offsets());
        return columns;
    }

    public void Dispose()
    {
        foreach (Action giveBack in _returns)
        {
            giveBack();
        }

        _returns.Clear();
    }

    private Int64Data Timestamps()
    {
        long[] values = Rent<long>(_rows);
        var validity = new RowValidity(_rows);
        int at = 0;
        foreach (RowRun run in _runs)
        {
            NumberColumn<long> column = run.Batch.Batch.Timestamps;
            Gather(column.Values, column.Validity, run.Rows.Span, values, ref at, validity);
        }

        return new Int64Data(values.AsMemory(0, _rows), validity.Words);
    }

    private Int32Data Numbers(Func<MessageBatch, NumberColumn<int>> columnOf)
    {
        int[] values = Rent<int>(_rows);
        var validity = new RowValidity(_rows);
        int at = 0;
        foreach (RowRun run in _runs)
        {
            NumberColumn<int> column = columnOf(run.Batch.Batch);
            Gather(column.Values, column.Validity, run.Rows.Span, values, ref at, validity);
        }

        return new Int32Data(values.AsMemory(0, _rows), validity.Words);
    }

    private Int64Data Offsets()
    {
        long[] values = Rent<long>(_rows);
        int at = 0;
        foreach (RowRun run in _runs)
        {
            long first = run.Batch.FirstOffset;
            foreach (int row in run.Rows.Span)
            {
                values[at++] = first + row;
            }
        }

        return new Int64Data(values.AsMemory(0, _rows));
    }

    private BytesData Names(NameTable names, Func<AppliedBatch, (NameColumn Column, int[] Codes)> columnOf)
    {
        int[] codes = Rent<int>(_rows);
        var validity = new RowValidity(_rows);
        int at = 0;
        foreach (RowRun run in _runs)
        {
            (NameColumn column, int[] fileCodes) = columnOf(run.Batch);
            ReadOnlySpan<int> source = column.Codes;
            foreach (int row in run.Rows.Span)
            {
                int code = source[row];
                if (code == NameColumn.NullCode)
                {
                    validity.SetNull(at);
                    codes[at++] = 0;
                }
                else
                {
                    codes[at++] = fileCodes[code];
                }
            }
        }

        return BytesData.OfDictionary(names.Names.Bytes, names.Names.Offsets, codes.AsMemory(0, _rows), validity.Words);
    }

    private BytesData Countries(CountryTable countries)
    {
        int[] codes = Rent<int>(_rows);
        var validity = new RowValidity(_rows);
        int at = 0;
        foreach (RowRun run in _runs)
        {
            NumberColumn<int> ids = run.Batch.Batch.CountryIds;
            ReadOnlySpan<int> values = ids.Values;
            foreach (int row in run.Rows.Span)
            {
                int code = ids.IsNull(row) ? -1 : countries.IndexOf(values[row]);
                if (code < 0)
                {
                    validity.SetNull(at);
                    code = 0;
                }

                codes[at++] = code;
            }
        }

        return BytesData.OfDictionary(countries.Names.Bytes, countries.Names.Offsets, codes.AsMemory(0, _rows), validity.Words);
    }

    private BytesData Values()
    {
        long bytes = 0;
        foreach (RowRun run in _runs)
        {
            ReadOnlySpan<int> ends = run.Batch.Batch.Values.Offsets.Span;
            foreach (int row in run.Rows.Span)
            {
                bytes += ends[row + 1] - ends[row];
            }
        }

        byte[] text = Rent<byte>(checked((int)bytes));
        int[] offsets = Rent<int>(_rows + 1);
        var validity = new RowValidity(_rows);
        int at = 0;
        int end = 0;
        offsets[0] = 0;
        foreach (RowRun run in _runs)
        {
            TextColumn column = run.Batch.Batch.Values;
            ReadOnlySpan<byte> source = column.Bytes.Span;
            ReadOnlySpan<int> ends = column.Offsets.Span;
            bool nulls = column.NullCount > 0;
            foreach (int row in run.Rows.Span)
            {
                int start = ends[row];
                int length = ends[row + 1] - start;
                source.Slice(start, length).CopyTo(text.AsSpan(end));
                end += length;
                if (nulls && column.IsNull(row))
                {
                    validity.SetNull(at);
                }

                offsets[++at] = end;
            }
        }

        return new BytesData(text.AsMemory(0, end), offsets.AsMemory(0, _rows + 1), validity.Words);
    }

    private BytesData MessageIds()
    {
        long others = 0;
        foreach (RowRun run in _runs)
        {
            MessageIdColumn ids = run.Batch.Batch.MessageIds;
            others += ids.Texts.Bytes.Length;
        }

        // Room for a UUID in every row, and for all other texts there are.
        byte[] text = Rent<byte>(checked((int)((long)_rows * UuidText.Length + others)));
        int[] offsets = Rent<int>(_rows + 1);
        var validity = new RowValidity(_rows);
        int at = 0;
        int end = 0;
        offsets[0] = 0;
        foreach (RowRun run in _runs)
        {
            MessageIdColumn ids = run.Batch.Batch.MessageIds;
            ReadOnlySpan<MessageIdKind> kinds = ids.Kinds;
            ReadOnlySpan<MessageIdBits> bits = ids.Bits;
            foreach (int row in run.Rows.Span)
            {
                if (kinds[row] == MessageIdKind.Uuid)
                {
                    UuidText.Format(bits[row], text.AsSpan(end, UuidText.Length));
                    end += UuidText.Length;
                }
                else if (kinds[row] == MessageIdKind.Null)
                {
                    validity.SetNull(at);
                }
                else
                {
                    ids.CopyText(row, text.AsSpan(end));
                    end += ids.TextLength(row);
                }

                offsets[++at] = end;
            }
        }

        return new BytesData(text.AsMemory(0, end), offsets.AsMemory(0, _rows + 1), validity.Words);
    }

    private static void Gather<T>(
        ReadOnlySpan<T> source, Validity sourceValidity, ReadOnlySpan<int> rows, T[] values, ref int at, RowValidity validity)
        where T : unmanaged
    {
        int start = at;
        foreach (int row in rows)
        {
            values[at++] = source[row];
        }

        if (sourceValidity.NullCount > 0)
        {
            for (int i = 0; i < rows.Length; i++)
            {
                if (sourceValidity.IsNull(rows[i]))
                {
                    validity.SetNull(start + i);
                }
            }
        }
    }

    private T[] Rent<T>(int length)
    {
        T[] array = ArrayPool<T>.Shared.Rent(length);
        _returns.Add(() => ArrayPool<T>.Shared.Return(array));
        return array;
    }
}
