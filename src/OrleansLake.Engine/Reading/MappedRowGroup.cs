using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Reading;

/// <summary>The rows of a row group of a Parquet file that a mapping makes messages of. One thread at a time.</summary>
internal sealed class MappedRowGroup
{
    private readonly IReadOnlyList<MappedColumn> _columns;
    private readonly StoredValues?[] _stored;
    private readonly bool[] _isChecked;
    private readonly MappedRow _row;
    private readonly LeftOutFields _leftOut;
    private readonly StoredText _text = new();
    private readonly RowJson _json;

    /// <param name="reader">The open file.</param>
    /// <param name="rowGroup">The row group's index.</param>
    /// <param name="columns">The columns to which paths lead.</param>
    /// <param name="row">Makes messages of them.</param>
    /// <param name="leftOut">Gets what in the JSON of texts no path leads to.</param>
    /// <param name="inPath">What is in the file's path.</param>
    /// <exception cref="ParquetException">The row group is damaged.</exception>
    internal MappedRowGroup(ParquetReader reader, int rowGroup, IReadOnlyList<MappedColumn> columns, MappedRow row, LeftOutFields leftOut, IReadOnlyDictionary<string, string?> inPath)
    {
        _columns = columns;
        _row = row;
        _leftOut = leftOut;
        _json = new RowJson(reader, rowGroup, inPath);
        _stored = [.. columns.Select(one => one.Column is { } column ? _json.ValuesOf(LeafIn(column)!) : null)];
        _isChecked = [.. _stored.Select((stored, i) => columns[i].Form == ValueForm.Text && stored is { Bytes.Bytes: var bytes } && (stored.NotUtf8() is not null || bytes.Length > FieldText.BytesMax))];
    }

    /// <summary>Gets what keeps the ids of rows; null where they are numbers of 32 bits.</summary>
    internal RecordIds? Ids { get; init; }

    /// <summary>Gets what is kept of rows beside their messages; null: nothing.</summary>
    internal RecordKeeping? Keeping { get; init; }

    /// <summary>Returns the column itself, or the first one in a struct that has one value a row; null if there is none.</summary>
    internal static ParquetColumn? LeafIn(ParquetColumn column) => column.IsRepeated ? null
        : column.StoredAs is not null ? column : column.Fields.Select(LeafIn).FirstOrDefault(static leaf => leaf is not null);

    /// <summary>Reads a row, and makes a message or a rejection of it.</summary>
    /// <param name="row">The row in the row group.</param>
    /// <param name="number">Its number in the file, from 1.</param>
    /// <param name="messages">Gets the message.</param>
    /// <param name="rejections">Gets what is not a message.</param>
    internal void Read(int row, long number, MessageBatch messages, List<Rejection> rejections)
    {
        var fields = new MessageFields { Ids = Ids };
        _row.Clear();
        for (int i = 0; i < _columns.Count; i++)
        {
            Set(i, row, ref fields);
        }

        _row.Finish(ref fields);
        if (fields.IsRejected)
        {
            rejections.Add(new Rejection(fields.Reason, fields.Detail!, number, -1, Json(row)));
        }
        else
        {
            Keeping?.AppendJson(Keeping.KeepsAttributes ? Json(row) : default, number, messages);
            fields.AppendTo(messages);
            _leftOut.Accept();
        }

        _leftOut.Drop();
    }

    /// <summary>Returns the values in the JSON of texts to which no path leads, by their names, since the last call; null if there are none.</summary>
    internal IReadOnlyDictionary<string, long>? TakeLeftOut() => Keeping is { KeepsAttributes: true } ? null : _leftOut.Take();

    /// <summary>Returns a row as JSON, with all columns of the file that have one value a row.</summary>
    internal byte[] Json(int row) => _json.Row(row);

    private void Set(int i, int row, ref MessageFields fields)
    {
        MappedColumn column = _columns[i];
        if (_stored[i] is not { } stored)
        {
            _row.Set(i, column.Utf8InPath, column.Utf8InPath is null, ref fields);
        }
        else if (column.Column!.StoredAs is null)
        {
            bool isNull = stored.IsNull(column.Column, row);
            _row.Set(i, isNull ? ValueKind.Null : ValueKind.Other, isNull ? default : _json.Value(column.Column, row), ref fields);
        }
        else if (stored.IsNull(row))
        {
            _row.Set(i, ValueKind.Null, default, ref fields);
        }
        else if (_text.Read(stored, column.Form, row, out ReadOnlySpan<byte> text) is not ValueKind.Text and var kind)
        {
            _row.Set(i, kind, text, ref fields);
        }
        else if (_isChecked[i] && TextFault(stored, column.Name, row) is { } fault)
        {
            fields.Fail(fault.Reason, fault.Detail);
        }
        else
        {
            _row.Set(i, text, isNull: false, ref fields);
        }
    }

    private static FieldFault? TextFault(StoredValues stored, string name, int row)
    {
        int entry = stored.Bytes!.IsDictionary ? stored.Bytes.Codes[row] : row;
        ReadOnlySpan<byte> bytes = stored.Bytes[row];
        return stored.NotUtf8()?[entry] == true ? FieldText.NotUtf8(name, bytes)
            : bytes.Length > FieldText.BytesMax ? FieldText.TooLong(name, bytes.Length) is var fault ? fault with { Detail = $"{fault.Detail}; the first {TextReading.KeptBytesMax} are kept here" } : null
            : null;
    }
}
