using System.Text.Json;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Reading;

/// <summary>
/// Writes a column of lists, maps and structs of a row group as JSON: lists as arrays, maps as objects or, where their keys are not text, as
/// arrays of their entries. One thread at a time.
/// </summary>
/// <remarks>
/// The values of a row are taken one behind the other from all leaves at once, by their levels
/// (https://parquet.apache.org/docs/file-format/nestedencoding/).
/// </remarks>
internal sealed class NestedJson
{
    private readonly ParquetColumn _column;
    private readonly Dictionary<ParquetColumn, NestedLeaf> _leaves = new(ReferenceEqualityComparer.Instance);
    private readonly Action<Utf8JsonWriter, StoredValues, int> _writeValue;

    /// <param name="column">The column; what cannot be written within it is left out.</param>
    /// <param name="valuesOf">Returns the values of a leaf.</param>
    /// <param name="writeValue">Writes a value that is not null.</param>
    internal NestedJson(ParquetColumn column, Func<ParquetColumn, StoredValues> valuesOf, Action<Utf8JsonWriter, StoredValues, int> writeValue)
    {
        _column = column;
        _writeValue = writeValue;
        foreach (ParquetColumn leaf in LeavesIn(column))
        {
            _leaves.Add(leaf, new NestedLeaf(valuesOf(leaf)));
        }
    }

    /// <summary>Returns whether a column, or one in it, is repeated.</summary>
    internal static bool IsNested(ParquetColumn column) => column.IsRepeated || column.Fields.Any(IsNested);

    /// <summary>Returns whether a column is written, or at least a part of it.</summary>
    internal static bool IsWritten(ParquetColumn column) => column.StoredAs is null
        ? column.Logical is LogicalType.Struct or LogicalType.List or LogicalType.Map && column.Fields.Any(IsWritten)
        : MessageColumnTypes.FormOfValue(column) != ValueForm.Other;

    /// <summary>Writes what a row has.</summary>
    /// <exception cref="ParquetException">The levels of its leaves do not go together.</exception>
    internal void Write(Utf8JsonWriter json, int row)
    {
        foreach (NestedLeaf leaf in _leaves.Values)
        {
            leaf.MoveTo(row);
        }

        Write(json, _column);
    }

    private static IEnumerable<ParquetColumn> LeavesIn(ParquetColumn column) => !IsWritten(column) ? []
        : column.StoredAs is not null ? [column] : column.Fields.SelectMany(LeavesIn);

    private NestedLeaf FirstIn(ParquetColumn column) => _leaves[LeavesIn(column).First()];

    private void Write(Utf8JsonWriter json, ParquetColumn column)
    {
        if (column.IsRepeated)
        {
            WriteElements(json, column, () => WriteOne(json, column));
        }
        else
        {
            WriteOne(json, column);
        }
    }

    private void WriteOne(Utf8JsonWriter json, ParquetColumn column)
    {
        if (column.StoredAs is not null)
        {
            NestedLeaf leaf = _leaves[column];
            if (leaf.Level < column.DefinitionLevel)
            {
                json.WriteNullValue();
            }
            else
            {
                _writeValue(json, leaf.Values, leaf.At);
            }

            leaf.MoveOn();
        }
        else if (FirstIn(column).Level < column.DefinitionLevel)
        {
            json.WriteNullValue();
            PassOver(column);
        }
        else if (column is { Logical: LogicalType.List, Fields: [{ IsRepeated: true } elements] } && ElementIn(column, elements) is { } element)
        {
            WriteElements(json, elements, () => Write(json, element));
        }
        else if (column is { Logical: LogicalType.Map, Fields: [{ IsRepeated: true, Fields: [{ IsRepeated: false } key, var value] } entries] } && HasTextKeys(key) && IsWritten(value))
        {
            WriteMap(json, entries, key, value);
        }
        else if (column is { Logical: LogicalType.List or LogicalType.Map, Fields: [{ IsRepeated: true } others] })
        {
            Write(json, others);
        }
        else
        {
            WriteFields(json, column);
        }
    }

    private void WriteFields(Utf8JsonWriter json, ParquetColumn column)
    {
        json.WriteStartObject();
        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (ParquetColumn field in column.Fields.Where(IsWritten))
        {
            if (written.Add(field.Name))
            {
                json.WritePropertyName(field.Name);
                Write(json, field);
            }
            else
            {
                PassOver(field);
            }
        }

        json.WriteEndObject();
    }

    private void WriteElements(Utf8JsonWriter json, ParquetColumn repeated, Action writeOne)
    {
        json.WriteStartArray();
        ForEach(repeated, writeOne);
        json.WriteEndArray();
    }

    private void WriteMap(Utf8JsonWriter json, ParquetColumn entries, ParquetColumn key, ParquetColumn value)
    {
        NestedLeaf keys = _leaves[key];
        json.WriteStartObject();
        ForEach(entries, () =>
        {
            json.WritePropertyName(keys.Level < key.DefinitionLevel ? "null"u8 : keys.Values.Bytes![keys.At]);
            keys.MoveOn();
            Write(json, value);
        });
        json.WriteEndObject();
    }

    private void ForEach(ParquetColumn repeated, Action each)
    {
        NestedLeaf first = FirstIn(repeated);
        if (first.Level < repeated.DefinitionLevel)
        {
            PassOver(repeated);
            return;
        }

        do
        {
            each();
        }
        while (first.Repetition == repeated.RepetitionLevel);
    }

    private void PassOver(ParquetColumn column)
    {
        foreach (ParquetColumn leaf in LeavesIn(column))
        {
            _leaves[leaf].MoveOn();
        }
    }

    private bool HasTextKeys(ParquetColumn key) => key.StoredAs is not null && MessageColumnTypes.FormOf(key) == ValueForm.Text && _leaves[key].Values.NotUtf8() is null;

    // Null: what is repeated is the element itself. The compatibility rules of https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#lists.
    private static ParquetColumn? ElementIn(ParquetColumn list, ParquetColumn repeated) =>
        repeated is { StoredAs: null, Fields: [var element], Logical: LogicalType.Struct } && repeated.Name != "array" && repeated.Name != $"{list.Name}_tuple" ? element : null;
}
