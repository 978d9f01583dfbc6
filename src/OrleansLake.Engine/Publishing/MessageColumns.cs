using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using OrleansLake.Core.Countries;
using OrleansLake.Core.Messages;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Publishing;

/// <summary>
/// The contiguous columns of one row group, gathered from rows of applied batches. What is made of them to be written is
/// rented; it goes back when this is disposed, so the columns must be written before.
/// </summary>
/// <remarks>
/// The rows of a date lie dozens of others apart in a batch, so each is a cache line of its own, and gathered file by
/// file every batch would come from memory once a date. So all row groups are filled side by side, batch by batch and
/// column by column: a column of a batch fits the cache, from which all dates take their rows.
/// </remarks>
internal sealed class MessageColumns : IDisposable
{
    private const int ShortText = 16;

    // In the order of a file's columns, except for what is derived from others when it is written.
    private static readonly Action<MessageColumns, int>[] Fillings =
    [
        static (columns, run) => columns.FillNumbers(run, columns._timestamps, columns._timestampValidity, static b => b.Timestamps),
        static (columns, run) => columns.FillValues(run),
        static (columns, run) => columns.FillNames(run, columns._eventTypes, columns._eventTypeValidity, static b => (b.Batch.EventTypes, b.EventTypeCodes)),
        static (columns, run) => columns.FillIds(run),
        static (columns, run) => columns.FillNames(run, columns._channels, columns._channelValidity, static b => (b.Batch.Channels, b.ChannelCodes)),
        static (columns, run) => columns.FillNumbers(run, columns._countryIds, columns._countryIdValidity, static b => b.CountryIds),
        static (columns, run) => columns.FillNumbers(run, columns._userIds, columns._userIdValidity, static b => b.UserIds),
    ];

    private readonly List<Action> _returns = [];
    private readonly IReadOnlyList<RowRun> _runs;
    private readonly int[] _starts;        // of each run, in rows
    private readonly int[] _textStarts;    // of each run, in bytes
    private readonly bool[] _areUuids;     // of each run: its ids are in _ids
    private readonly int _rows;
    private readonly int _textBytes;
    private readonly long[] _timestamps;
    private readonly byte[] _text;
    private readonly int[] _textEnds;      // one more than there are rows, the first is 0
    private readonly int[] _eventTypes;
    private readonly MessageIdBits[] _ids;
    private readonly int[] _channels;
    private readonly int[] _countryIds;
    private readonly int[] _userIds;
    private readonly RowValidity _timestampValidity;
    private readonly RowValidity _textValidity;
    private readonly RowValidity _eventTypeValidity;
    private readonly RowValidity _channelValidity;
    private readonly RowValidity _countryIdValidity;
    private readonly RowValidity _userIdValidity;

    private MessageColumns(IReadOnlyList<RowRun> runs)
    {
        _runs = runs;
        _starts = new int[runs.Count];
        _textStarts = new int[runs.Count];
        _areUuids = new bool[runs.Count];
        for (int run = 0; run < runs.Count; run++)
        {
            _starts[run] = _rows;
            _textStarts[run] = _textBytes;
            _rows += runs[run].Rows.Length;
            _textBytes = checked(_textBytes + runs[run].TextBytes);
        }

        _timestamps = GC.AllocateUninitializedArray<long>(_rows);
        _text = GC.AllocateUninitializedArray<byte>(_textBytes);
        _textEnds = GC.AllocateUninitializedArray<int>(_rows + 1);
        _textEnds[0] = 0;
        _eventTypes = GC.AllocateUninitializedArray<int>(_rows);
        _ids = GC.AllocateUninitializedArray<MessageIdBits>(_rows);
        _channels = GC.AllocateUninitializedArray<int>(_rows);
        _countryIds = GC.AllocateUninitializedArray<int>(_rows);
        _userIds = GC.AllocateUninitializedArray<int>(_rows);
        _timestampValidity = new RowValidity(_rows);
        _textValidity = new RowValidity(_rows);
        _eventTypeValidity = new RowValidity(_rows);
        _channelValidity = new RowValidity(_rows);
        _countryIdValidity = new RowValidity(_rows);
        _userIdValidity = new RowValidity(_rows);
    }

    /// <summary>Returns the columns of one row group.</summary>
    internal static MessageColumns Of(IReadOnlyList<RowRun> runs) => Of([runs], new ParallelWork(1))[0];

    /// <summary>Returns the columns of many row groups, filled side by side.</summary>
    internal static MessageColumns[] Of(IReadOnlyList<IReadOnlyList<RowRun>> rowGroups, ParallelWork work)
    {
        MessageColumns[] all = [.. rowGroups.Select(static runs => new MessageColumns(runs))];
        var places = new Dictionary<AppliedBatch, List<(MessageColumns Columns, int Run)>>();
        foreach (MessageColumns columns in all)
        {
            for (int run = 0; run < columns._runs.Count; run++)
            {
                if (!places.TryGetValue(columns._runs[run].Batch, out List<(MessageColumns Columns, int Run)>? those))
                {
                    places.Add(columns._runs[run].Batch, those = []);
                }

                those.Add((columns, run));
            }
        }

        List<(MessageColumns Columns, int Run)>[] batches = [.. places.Values];
        work.For(batches.Length, batch =>
        {
            foreach (Action<MessageColumns, int> fill in Fillings)
            {
                foreach ((MessageColumns columns, int run) in batches[batch])
                {
                    fill(columns, run);
                }
            }
        });
        return all;
    }

    /// <summary>Returns the columns of bronze: the message as it came, what is kept beside it, and what the lake makes of that.</summary>
    internal List<ColumnData> Bronze(NameTable eventTypes, NameTable channels, IdTypes ids, KeptFields kept, AddedData added) => Message(eventTypes, channels, ids, kept, added, reports: false);

    /// <summary>Returns the columns of silver: the message, its country's name, what is kept, what the lake makes of that, and its offset in bronze.</summary>
    internal List<ColumnData> Silver(NameTable eventTypes, NameTable channels, CountryTable countries, IdTypes ids, KeptFields kept, AddedData added)
    {
        List<ColumnData> columns = Message(eventTypes, channels, ids, kept, added, reports: true);
        columns.Insert(MessageSchema.Columns.Length, Countries(countries));
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

    private List<ColumnData> Message(NameTable eventTypes, NameTable channels, IdTypes ids, KeptFields kept, AddedData added, bool reports) =>
    [
        new Int64Data(_timestamps.AsMemory(0, _rows), _timestampValidity.Words),
        new BytesData(_text.AsMemory(0, _textBytes), _textEnds.AsMemory(0, _rows + 1), _textValidity.Words),
        BytesData.OfDictionary(eventTypes.Names.Bytes, eventTypes.Names.Offsets, _eventTypes.AsMemory(0, _rows), _eventTypeValidity.Words),
        MessageIds(),
        BytesData.OfDictionary(channels.Names.Bytes, channels.Names.Offsets, _channels.AsMemory(0, _rows), _channelValidity.Words),
        ids.Country == IdType.Number32 ? new Int32Data(_countryIds.AsMemory(0, _rows), _countryIdValidity.Words)
            : IdData.Of(ids.Country, _runs, _rows, _countryIdValidity, static batch => batch.CountryIds),
        ids.User == IdType.Number32 ? new Int32Data(_userIds.AsMemory(0, _rows), _userIdValidity.Words)
            : IdData.Of(ids.User, _runs, _rows, _userIdValidity, static batch => batch.UserIds),
        .. kept == KeptFields.None && added.IsEmpty ? [] : KeptData.Of(_runs, _rows, kept, added, reports),
    ];

    private void FillNumbers<T>(int run, T[] into, RowValidity validity, Func<MessageBatch, NumberColumn<T>> columnOf)
        where T : unmanaged
    {
        NumberColumn<T> column = columnOf(_runs[run].Batch.Batch);
        ReadOnlySpan<int> rows = _runs[run].Rows.Span;
        int start = _starts[run];
        if (_runs[run].IsUnbroken)
        {
            column.Values.Slice(rows.IsEmpty ? 0 : rows[0], rows.Length).CopyTo(into.AsSpan(start));
        }
        else
        {
            ReadOnlySpan<T> source = column.Values;
            Span<T> gathered = into.AsSpan(start, rows.Length);
            for (int i = 0; i < rows.Length; i++)
            {
                gathered[i] = source[rows[i]];
            }
        }

        FillNulls(column.Validity, rows, start, validity);
    }

    private void FillNames(int run, int[] into, RowValidity validity, Func<AppliedBatch, (NameColumn Column, int[] Codes)> columnOf)
    {
        (NameColumn column, int[] fileCodes) = columnOf(_runs[run].Batch);
        ReadOnlySpan<int> source = column.Codes;
        ReadOnlySpan<int> rows = _runs[run].Rows.Span;
        Span<int> gathered = into.AsSpan(_starts[run], rows.Length);
        int all = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            int code = source[rows[i]];
            all |= code;
            gathered[i] = fileCodes[code + 1];
        }

        // A null's code is negative. Whether a row has one is as good as random, so it is not a branch above.
        for (int i = 0; all < 0 && i < rows.Length; i++)
        {
            if (source[rows[i]] == NameColumn.NullCode)
            {
                validity.SetNull(_starts[run] + i);
            }
        }
    }

    private void FillValues(int run)
    {
        TextColumn column = _runs[run].Batch.Batch.Values;
        ReadOnlySpan<byte> source = column.Bytes.Span;
        ReadOnlySpan<int> ends = column.Offsets.Span;
        ReadOnlySpan<int> rows = _runs[run].Rows.Span;
        int textStart = _textStarts[run];
        Span<byte> text = _text.AsSpan(textStart, _runs[run].TextBytes);
        Span<int> gathered = _textEnds.AsSpan(_starts[run] + 1, rows.Length);
        if (_runs[run].IsUnbroken)
        {
            int first = rows.IsEmpty ? 0 : rows[0];
            int moved = textStart - ends[first];
            source.Slice(ends[first], text.Length).CopyTo(text);
            for (int i = 0; i < gathered.Length; i++)
            {
                gathered[i] = ends[first + i + 1] + moved;
            }
        }
        else
        {
            ref byte from = ref MemoryMarshal.GetReference(source);
            ref byte to = ref MemoryMarshal.GetReference(text);
            int end = 0;
            for (int i = 0; i < rows.Length; i++)
            {
                int start = ends[rows[i]];
                int length = ends[rows[i] + 1] - start;
                if (length <= ShortText && start <= source.Length - ShortText && end <= text.Length - ShortText)
                {
                    // What is too much of it is overwritten by the next text.
                    Vector128.LoadUnsafe(ref from, (nuint)start).StoreUnsafe(ref to, (nuint)end);
                }
                else
                {
                    source.Slice(start, length).CopyTo(text[end..]);
                }

                end += length;
                gathered[i] = textStart + end;
            }
        }

        FillNulls(column.Validity, rows, _starts[run], _textValidity);
    }

    // Only where all are UUIDs; others are looked up when they are written.
    private void FillIds(int run)
    {
        MessageIdColumn ids = _runs[run].Batch.Batch.MessageIds;
        ReadOnlySpan<MessageIdKind> kinds = ids.Kinds;
        ReadOnlySpan<MessageIdBits> bits = ids.Bits;
        ReadOnlySpan<int> rows = _runs[run].Rows.Span;
        Span<MessageIdBits> gathered = _ids.AsSpan(_starts[run], rows.Length);
        int others = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            others |= (int)kinds[rows[i]] ^ (int)MessageIdKind.Uuid;
            gathered[i] = bits[rows[i]];
        }

        _areUuids[run] = others == 0;
    }

    private static void FillNulls(Validity source, ReadOnlySpan<int> rows, int start, RowValidity validity)
    {
        if (source.NullCount == 0)
        {
            return;
        }

        for (int i = 0; i < rows.Length; i++)
        {
            if (source.IsNull(rows[i]))
            {
                validity.SetNull(start + i);
            }
        }
    }

    private BytesData MessageIds()
    {
        long bytes = 0;
        for (int run = 0; run < _runs.Count; run++)
        {
            bytes += (long)_runs[run].Rows.Length * UuidText.Length;
            bytes += _areUuids[run] ? 0 : _runs[run].Batch.Batch.MessageIds.Texts.Bytes.Length;
        }

        byte[] text = Rent<byte>(checked((int)bytes));
        int[] ends = Rent<int>(_rows + 1);
        var validity = new RowValidity(_rows);
        int at = 0;
        int end = 0;
        ends[0] = 0;
        for (int run = 0; run < _runs.Count; run++)
        {
            MessageIdColumn ids = _runs[run].Batch.Batch.MessageIds;
            foreach (int row in _runs[run].Rows.Span)
            {
                if (_areUuids[run])
                {
                    UuidText.Format(_ids[at], text.AsSpan(end));
                    end += UuidText.Length;
                }
                else if (ids.Kinds[row] == MessageIdKind.Null)
                {
                    validity.SetNull(at);
                }
                else
                {
                    ids.CopyText(row, text.AsSpan(end));
                    end += ids.TextLength(row);
                }

                ends[++at] = end;
            }
        }

        return new BytesData(text.AsMemory(0, end), ends.AsMemory(0, _rows + 1), validity.Words);
    }

    private BytesData Countries(CountryTable countries)
    {
        int[] codes = Rent<int>(_rows);
        var validity = new RowValidity(_rows);
        int[]? found = countries.IdType == IdType.Number32 ? null : IdData.CountriesOf(_runs, _rows, countries);
        for (int row = 0; row < _rows; row++)
        {
            int code = found is not null ? found[row] : _countryIdValidity.IsNull(row) ? -1 : countries.IndexOf(_countryIds[row]);
            codes[row] = Math.Max(code, 0);
            if (code < 0)
            {
                validity.SetNull(row);
            }
        }

        return BytesData.OfDictionary(countries.Names.Bytes, countries.Names.Offsets, codes.AsMemory(0, _rows), validity.Words);
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

    private T[] Rent<T>(int length)
    {
        T[] array = ArrayPool<T>.Shared.Rent(length);
        _returns.Add(() => ArrayPool<T>.Shared.Return(array));
        return array;
    }
}
