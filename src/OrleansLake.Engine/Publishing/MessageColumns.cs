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
            ReadOnlySpan<int> rows = run.Rows.Span;
            Span<int> gathered = codes.AsSpan(at, rows.Length);
            int all = 0;
            for (int i = 0; i < rows.Length; i++)
            {
                int code = source[rows[i]];
                all |= code;
                gathered[i] = fileCodes[code + 1];
            }

            // A null's code is negative. Whether a row has one is as good as random, so it is no branch above.
            for (int i = 0; all < 0 && i < rows.Length; i++)
            {
                if (source[rows[i]] == NameColumn.NullCode)
                {
                    validity.SetNull(at + i);
                }
            }

            at += rows.Length;
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
            ReadOnlySpan<int> rows = run.Rows.Span;
            for (int i = 0; i < rows.Length; i++)
            {
                // The starts are at hand: the rows were just added up.
                int next = ends[rows[Math.Min(i + Ahead.Rows, rows.Length - 1)]];
                if (next < source.Length)
                {
                    Ahead.Of(in source[next]);
                }

                int row = rows[i];
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
            ReadOnlySpan<int> rows = run.Rows.Span;
            if (AreUuids(kinds, rows))
            {
                FormatUuids(bits, rows, text.AsSpan(end), offsets.AsSpan(at + 1), end);
                at += rows.Length;
                end += rows.Length * UuidText.Length;
                continue;
            }

            foreach (int row in rows)
            {
                if (kinds[row] == MessageIdKind.Null)
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

    private static bool AreUuids(ReadOnlySpan<MessageIdKind> kinds, ReadOnlySpan<int> rows)
    {
        int others = 0;
        foreach (int row in rows)
        {
            others |= (int)kinds[row] ^ (int)MessageIdKind.Uuid;
        }

        return others == 0;
    }

    private static void FormatUuids(ReadOnlySpan<MessageIdBits> bits, ReadOnlySpan<int> rows, Span<byte> text, Span<int> ends, int start)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            Ahead.Of(in bits[rows[Math.Min(i + Ahead.Rows, rows.Length - 1)]]);
            UuidText.Format(bits[rows[i]], text[(i * UuidText.Length)..]);
            ends[i] = start + ((i + 1) * UuidText.Length);
        }
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
