using System.Text;
using OrleansLake.Core.Columns;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Publishing;

/// <summary>One column that a lake adds, put together of its rows' values.</summary>
/// <param name="column">The column.</param>
/// <param name="zone">The lake's time zone.</param>
/// <param name="rows">How many rows there will be.</param>
internal sealed class AddedColumnBuilder(AddedColumn column, LakeTimeZone zone, int rows)
{
    private readonly AddedColumnReader _reader = new(column, zone);
    private readonly RowValidity _validity = new(rows);
    private readonly TextColumn _texts = new();
    private readonly long[] _wholes = column.Type is AddedColumnType.Int64 or AddedColumnType.Timestamp ? new long[rows] : [];
    private readonly double[] _reals = column.Type == AddedColumnType.Double ? new double[rows] : [];
    private readonly bool[] _truths = column.Type == AddedColumnType.Boolean ? new bool[rows] : [];
    private int _count;

    /// <summary>Gets the number of values that are not of the column's type.</summary>
    internal int Misfits { get; private set; }

    /// <summary>Gets the first of them.</summary>
    internal string Misfit { get; private set; } = "";

    /// <summary>Gets its row.</summary>
    internal int MisfitRow { get; private set; }

    /// <summary>Appends a row.</summary>
    /// <param name="attributes">Its attributes; empty: it has none.</param>
    internal void Append(ReadOnlySpan<byte> attributes)
    {
        int row = _count++;
        AddedValue value = _reader.Read(attributes);
        if (value.IsMisfit && Misfits++ == 0)
        {
            (Misfit, MisfitRow) = (Encoding.UTF8.GetString(value.Text), row);
        }

        if (!value.HasValue)
        {
            _validity.SetNull(row);
        }

        switch (column.Type)
        {
            case AddedColumnType.Int64 or AddedColumnType.Timestamp:
                _wholes[row] = value.Whole;
                break;
            case AddedColumnType.Double:
                _reals[row] = value.Real;
                break;
            case AddedColumnType.Boolean:
                _truths[row] = value.Truth;
                break;
            default:
                _texts.Append(value.HasValue ? value.Text : default);
                break;
        }
    }

    /// <summary>Returns the column.</summary>
    internal ColumnData Data() => column.Type switch
    {
        AddedColumnType.Int64 or AddedColumnType.Timestamp => new Int64Data(_wholes, _validity.Words),
        AddedColumnType.Double => new DoubleData(_reals, _validity.Words),
        AddedColumnType.Boolean => new BooleanData(_truths, _validity.Words),
        _ => new BytesData(_texts.Bytes, _texts.Offsets, _validity.Words),
    };
}
