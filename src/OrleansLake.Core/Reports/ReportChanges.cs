namespace OrleansLake.Core.Reports;

/// <summary>Collects what changes in a report, over all shards.</summary>
internal sealed class ReportChanges
{
    private readonly ReportDefinition _definition;
    private readonly Messages.NameTable _eventTypes;
    private readonly Messages.NameTable _channels;
    private readonly Pivot[] _pivots;
    private readonly TupleIndex _touched;
    private readonly ColumnSums _sums = new();
    private TupleIndex _columns;
    private ReportTable _layout;

    public ReportChanges(ReportDefinition definition, Messages.NameTable eventTypes, Messages.NameTable channels, Pivot[] pivots)
    {
        _definition = definition;
        _eventTypes = eventTypes;
        _channels = channels;
        _pivots = pivots;
        _touched = new TupleIndex(definition.RowKeys.Count);
        foreach (Pivot pivot in pivots)
        {
            pivot.Touches = new PivotTouches(definition.RowKeys.Count);
            AddColumns(pivot);
        }

        _columns = LiveColumns();
        _layout = Builder().BuildLayout(_columns);
    }

    public void Stop()
    {
        foreach (Pivot pivot in _pivots)
        {
            pivot.Touches = null;
        }
    }

    public ReportChange Take()
    {
        _touched.Clear();
        foreach (Pivot pivot in _pivots)
        {
            PivotTouches touches = pivot.Touches!;
            for (int row = 0; row < touches.Rows.Count; row++)
            {
                _touched.GetOrAdd(touches.Rows[row], touches.Rows.Nulls(row));
            }

            _sums.Add(touches.Columns);
            touches.Clear();
        }

        TupleIndex before = _columns;
        ReportTable layoutBefore = _layout;
        bool columnsChanged = HaveColumnsChanged();
        if (columnsChanged)
        {
            _columns = LiveColumns();
            _layout = Builder().BuildLayout(_columns);
        }

        (ReportTable rows, ReportTable removed) = Builder().BuildRows(_pivots, _touched, _columns, _layout);
        return new ReportChange
        {
            Rows = rows,
            Removed = removed,
            ColumnsChanged = columnsChanged,
            ColumnsRenamed = columnsChanged && AreRenamed(before, layoutBefore),
        };
    }

    private ReportBuilder Builder() => new(_definition, _eventTypes, _channels);

    private void AddColumns(Pivot pivot)
    {
        for (int row = 0; row < pivot.Rows.Count; row++)
        {
            ReadOnlySpan<ushort> counts = pivot.DenseCounts(row);
            for (int column = 0; column < counts.Length; column++)
            {
                _sums.Add(pivot.Columns[column], pivot.Columns.Nulls(column), counts[column]);
            }
        }

        for (int index = 0; index < (pivot.Sparse?.Count ?? 0); index++)
        {
            int column = pivot.Sparse!.ColumnAt(index);
            _sums.Add(pivot.Columns[column], pivot.Columns.Nulls(column), pivot.Sparse.CountAt(index));
        }
    }

    private TupleIndex LiveColumns()
    {
        var live = new TupleIndex(1);
        for (int i = 0; i < _sums.Count; i++)
        {
            if (_sums.Sum(i) != 0)
            {
                live.GetOrAdd(_sums[i], _sums.Nulls(i));
            }
        }

        return live;
    }

    private bool HaveColumnsChanged()
    {
        int live = 0;
        for (int i = 0; i < _sums.Count; i++)
        {
            if (_sums.Sum(i) == 0)
            {
                continue;
            }

            live++;
            if (_columns.Find(_sums[i], _sums.Nulls(i)) < 0)
            {
                return true;
            }
        }

        return live != _columns.Count;
    }

    private bool AreRenamed(TupleIndex before, ReportTable layoutBefore)
    {
        Dictionary<(int Value, byte Nulls), string> names = NamesOf(before, layoutBefore);
        foreach (((int Value, byte Nulls) column, string name) in NamesOf(_columns, _layout))
        {
            if (names.TryGetValue(column, out string? was) && was != name)
            {
                return true;
            }
        }

        return false;
    }

    private Dictionary<(int Value, byte Nulls), string> NamesOf(TupleIndex columns, ReportTable layout)
    {
        int[] ranks = Builder().ColumnRanks(columns);
        var names = new Dictionary<(int Value, byte Nulls), string>();
        for (int column = 0; column < columns.Count; column++)
        {
            int place = layout.KeyCount + ranks[column];
            names[(columns[column][0], columns.Nulls(column))] = layout.ColumnNames[place >= layout.TotalIndex ? place + 1 : place];
        }

        return names;
    }
}
