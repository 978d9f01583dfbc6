using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Reading;

/// <summary>
/// Reads messages from a Parquet file, whichever program wrote it: columns by name, missing ones null, others left alone. A
/// column that it does not have may also be in its path, Hive-style (<c>channel=SMS/part.parquet</c>).
/// </summary>
internal sealed class ParquetMessages
{
    /// <summary>Rows of a batch at most: larger row groups are handed over in pieces.</summary>
    internal const int BatchRows = 64 * 1024;

    // Of the columns of a file that holds no messages, which may be thousands.
    private const int NamesShownMax = 20;

    private static readonly string[] _names = [.. MessageSchema.Columns.Select(static column => column.Name)];

    private readonly ParquetReader _reader;
    private readonly PathColumns _path;
    private readonly TimestampReading _instants;
    private readonly bool _isTaken;
    private readonly IdTypes _ids;
    private readonly Dictionary<string, TypedColumn> _columns = new(StringComparer.Ordinal);
    private readonly long[] _firstRows;

    /// <param name="reader">The open file.</param>
    /// <param name="relativePath">Its path below the folder that is read, for columns in the path.</param>
    /// <param name="zone">Where timestamps that are not adjusted to UTC are from.</param>
    /// <param name="ids">The types of the lake's ids.</param>
    /// <param name="format">How text and integers in timestamp are to be read; null: integers are refused.</param>
    /// <param name="isTaken">
    /// Whether the file is one that was taken before: then nothing of it is refused, and what only an earlier version
    /// took is as that version took it.
    /// </param>
    /// <exception cref="ParquetException">It holds no messages: timestamp or message_id is missing, or a column has another type.</exception>
    internal ParquetMessages(ParquetReader reader, string relativePath, LakeTimeZone zone, IdTypes ids, TimestampFormat? format = null, bool isTaken = false)
    {
        _ids = ids;
        _reader = reader;
        _isTaken = isTaken;
        _instants = new TimestampReading(zone, format, isTaken);
        _firstRows = new long[reader.RowGroupCount];
        for (int i = 1; i < _firstRows.Length; i++)
        {
            _firstRows[i] = _firstRows[i - 1] + reader.Metadata.RowGroups[i - 1].RowCount;
        }

        foreach (string name in _names)
        {
            if (Find(name) is { } column)
            {
                _columns[name] = new TypedColumn(column, FormOf(name, column, format is { IsEpoch: true } ? format : null));
            }
        }

        _path = new PathColumns(relativePath, reader.Name, OwnColumns, zone, ids, format, isTaken);
        string[] missing = [.. ((string[])["timestamp", "message_id"]).Where(required => !_columns.ContainsKey(required) && !_path.Has(required))];
        if (missing.Length > 0)
        {
            string hint = MissingColumns.Renames(Columns, Names) is { } renames ? $"; {renames}"
                : $"; it has: {ShownText.Of(Encoding.UTF8.GetBytes(string.Join(", ", Names.Take(NamesShownMax))))}";
            throw new ParquetException(
                ParquetErrorKind.MissingColumn, $"{reader.Name}: it has no column {string.Join(" or ", missing)}, so it holds no messages{hint}.");
        }
    }

    /// <summary>Gets a value indicating whether what a lake keeps beside messages is read too: from its own files only.</summary>
    internal bool ReadsKept { get; init; }

    /// <summary>Returns whether a message has a column of this name.</summary>
    internal static bool IsColumn(string name) => _names.Contains(name);

    /// <summary>Gets the columns of a message that the file has itself, with values or without rows.</summary>
    internal IEnumerable<string> OwnColumns => _names.Where(name => FormOf(name) != ValueForm.Nulls);

    internal int RowGroupCount => _reader.RowGroupCount;

    /// <summary>
    /// Returns every batch of the file, in order, all of whose values fit; row groups are decoded side by side, a few ahead of
    /// what is taken.
    /// </summary>
    /// <exception cref="ParquetException">The file is damaged, or a value does not fit its column: it names the row.</exception>
    internal IEnumerable<MessageBatch> Batches(ParallelWork work) => Rows(work).Select(WithoutFaults);

    /// <summary>Returns every batch of the file, in order, with the values that do not fit.</summary>
    /// <exception cref="ParquetException">The file is damaged.</exception>
    internal IEnumerable<MessageRows> Rows(ParallelWork work) => RowGroups.InOrder(RowGroupCount, work, ReadRows);

    /// <summary>Returns the messages of one row group as they are, in batches of at most <see cref="BatchRows"/> rows.</summary>
    /// <exception cref="ParquetException">The row group is damaged, or a value does not fit its column.</exception>
    internal List<MessageBatch> ReadRowGroup(int rowGroup) => [.. ReadRows(rowGroup).Select(WithoutFaults)];

    internal long RowCount => _reader.RowCount;

    /// <summary>Gets the columns of a message that the file or its path has.</summary>
    internal KnownColumns Columns
    {
        get
        {
            KnownColumns columns = KnownColumns.None;
            for (int i = 0; i < _names.Length; i++)
            {
                columns |= _columns.ContainsKey(_names[i]) || _path.Has(_names[i]) ? MessageSchema.Columns[i].Flag : KnownColumns.None;
            }

            return columns;
        }
    }

    /// <summary>Gets the names that the file and its path have.</summary>
    internal IReadOnlyCollection<string> Names => [.. _reader.Columns.Select(static column => column.Name), .. _path.Names];

    /// <summary>Returns the columns of the file with a name similar to one that is read, as text.</summary>
    internal IEnumerable<string> LookAlikes() => _names.Where(_columns.ContainsKey).SelectMany(name => _reader.Columns
        .Where(column => column.Name != name && string.Equals(column.Name, name, StringComparison.OrdinalIgnoreCase))
        .Select(column => $"the columns {name} and {column.Name}; {name} is read, {column.Name} is left alone"));

    private MessageBatch WithoutFaults(MessageRows rows) => rows.Faults.Count == 0 || _isTaken ? rows.Batch
        : throw new ParquetException(
            ParquetErrorKind.TypeMismatch,
            $"{_reader.Name}: column '{rows.Faults[0].Column}', row {rows.FirstRow + rows.Faults[0].Row}: {rows.Faults[0].Fault.DetailOfFile}.");

    private List<MessageRows> ReadRows(int rowGroup)
    {
        int rows = checked((int)_reader.Metadata.RowGroups[rowGroup].RowCount);
        var stored = new Dictionary<string, StoredValues>(_columns.Count, StringComparer.Ordinal);
        foreach ((string name, (ParquetColumn column, ValueForm form)) in _columns)
        {
            if (form is not (ValueForm.Nulls or ValueForm.Other))
            {
                stored[name] = StoredValues.Read(_reader, rowGroup, column);
            }
        }

        KeptBuffers? kept = ReadsKept ? KeptBuffers.Read(_reader, rowGroup) : null;
        var batches = new List<MessageRows>();
        for (int start = 0; start < rows; start += BatchRows)
        {
            var range = new RowSpan(start, Math.Min(rows, start + BatchRows));
            var batch = new MessageBatch();
            batch.Reserve(range.Count);
            KeptColumns? keptRows = kept is null ? null : batch.Keep(kept.Fields);
            var faults = new List<RowFault>();
            if (stored.TryGetValue("timestamp", out StoredValues? timestamps))
            {
                _instants.Append(timestamps, _columns["timestamp"].Form, range, batch.Timestamps, faults);
            }
            else
            {
                NumberReading.AppendConstant(_path.Timestamp, range, batch.Timestamps);
            }

            var texts = new TextReading(range, faults);
            texts.AppendTexts("value", stored.GetValueOrDefault("value"), FormOf("value"), _path, batch.Values);
            texts.AppendNames("event_type", stored.GetValueOrDefault("event_type"), _path, batch.EventTypes);
            texts.AppendIds(stored.GetValueOrDefault("message_id"), FormOf("message_id"), _path, batch.MessageIds);
            texts.AppendNames("channel", stored.GetValueOrDefault("channel"), _path, batch.Channels);
            AppendIds("country_id", _ids.Country, stored, _path.CountryId, range, batch.CountryIds, faults);
            AppendIds("user_id", _ids.User, stored, _path.UserId, range, batch.UserIds, faults);
            kept?.AppendTo(keptRows!, range);
            batches.Add(new MessageRows(batch, _firstRows[rowGroup] + start + 1, faults.Count == 0 ? [] : [.. faults.OrderBy(static fault => fault.Row)]));
        }

        return batches;
    }

    private void AppendIds(
        string name, IdType type, Dictionary<string, StoredValues> stored, IdValue? inPath, RowSpan range, IdColumn into, List<RowFault> faults)
    {
        if (stored.TryGetValue(name, out StoredValues? ids))
        {
            IdReading.Append(name, type, ids, FormOf(name), range, into, faults);
        }
        else
        {
            IdReading.AppendConstant(inPath, type, range, into);
        }
    }

    private ValueForm FormOf(string name) => _columns.TryGetValue(name, out TypedColumn? column) ? column.Form : ValueForm.Nulls;

    private ValueForm FormOf(string name, ParquetColumn column, TimestampFormat? epoch)
    {
        ValueForm form = MessageColumnTypes.FormOf(column);
        if (MessageColumnTypes.Takes(name, form, column, epoch is not null, _ids))
        {
            return form;
        }

        if (!_isTaken)
        {
            return HoldsNullsOnly(column) ? ValueForm.Nulls
                : throw new ParquetException(ParquetErrorKind.TypeMismatch, $"{_reader.Name}: {MessageColumnTypes.Refusal(name, column, epoch, _ids)}");
        }

        return name == "timestamp" && form == ValueForm.Integers ? form
            : name is "country_id" or "user_id" && form == ValueForm.Days ? ValueForm.Integers
            : ValueForm.Nulls;
    }

    // As programs type a column that they know nothing of: DuckDB writes INT32 for `null as event_type`.
    private bool HoldsNullsOnly(ParquetColumn column)
    {
        if (column.StoredAs is null || column.IsRepeated)
        {
            return false;
        }

        for (int group = 0; group < RowGroupCount; group++)
        {
            if (!StoredValues.Read(_reader, group, column).HoldsNullsOnly)
            {
                return false;
            }
        }

        return true;
    }

    private ParquetColumn? Find(string name)
    {
        ParquetColumn[] found = [.. _reader.Columns.Where(column => column.Name == name)];
        return found.Length < 2 || _isTaken
            ? found.FirstOrDefault()
            : throw new ParquetException(ParquetErrorKind.TypeMismatch, $"{_reader.Name}: it has {found.Length} columns '{name}', but each column is expected once.");
    }

    // A class: the library's code for dictionaries of it is compiled ahead of time.
    private sealed record TypedColumn(ParquetColumn Column, ValueForm Form);
}
