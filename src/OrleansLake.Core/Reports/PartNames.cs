namespace OrleansLake.Core.Reports;

/// <summary>Takes rows and columns whose names are codes of one set of tables over to names of another one.</summary>
/// <param name="definition">The report.</param>
/// <param name="from">The names that codes stand for.</param>
/// <param name="own">Gets those that occur.</param>
internal sealed class PartNames(ReportDefinition definition, FieldNames from, FieldNames own)
{
    private readonly int[]?[] _codes = new int[FieldValues.Length][];      // by field: own code + 1; 0 is unknown
    private readonly int[] _tuple = new int[definition.RowKeys.Count];

    public FieldNames Own { get; } = own;

    public int GetOrAddRow(TupleIndex rows, ReadOnlySpan<int> tuple, byte nulls)
    {
        for (int place = 0; place < tuple.Length; place++)
        {
            _tuple[place] = (nulls >> place & 1) != 0 ? 0 : CodeOf(definition.RowKeys[place], tuple[place]);
        }

        return rows.GetOrAdd(_tuple, nulls);
    }

    public int GetOrAddColumn(TupleIndex columns, ReadOnlySpan<int> column, byte nulls) =>
        columns.GetOrAdd([nulls != 0 ? 0 : CodeOf(definition.ColumnKey, column[0])], nulls);

    private int CodeOf(MessageField field, int value)
    {
        if (from.Of(field) is not { } names)
        {
            return value;
        }

        ref int code = ref (_codes[(int)field] ??= new int[names.Count])[value];
        if (code == 0)
        {
            code = Own.Of(field)!.GetOrAdd(names[value]) + 1;
        }

        return code - 1;
    }
}
