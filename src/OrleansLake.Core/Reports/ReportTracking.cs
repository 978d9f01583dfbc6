namespace OrleansLake.Core.Reports;

/// <summary>
/// Follows a report over all shards for its watchers: which rows were counted in, and which columns there are.
/// </summary>
internal sealed class ReportTracking
{
    private readonly ReportDefinition _definition;
    private readonly FieldNames _names;
    private readonly Pivot[] _pivots;
    private readonly ColumnSums _sums = new();
    private readonly List<ReportTracker> _trackers = [];

    public ReportTracking(ReportDefinition definition, FieldNames names, Pivot[] pivots)
    {
        _definition = definition;
        _names = names;
        _pivots = pivots;
        foreach (Pivot pivot in pivots)
        {
            pivot.Touches = new PivotTouches(definition.RowKeys.Count);
            AddColumns(pivot);
        }

        Columns = LiveColumns();
        Layout = Builder().BuildLayout(Columns);
    }

    /// <summary>Gets the columns in which something is counted.</summary>
    public TupleIndex Columns { get; private set; }

    /// <summary>Gets a report without rows that has them.</summary>
    public ReportTable Layout { get; private set; }

    public ReportTracker Add()
    {
        Collect();
        var tracker = new ReportTracker(this, _definition.RowKeys.Count);
        _trackers.Add(tracker);
        return tracker;
    }

    public void Remove(ReportTracker tracker) => _trackers.Remove(tracker);

    public void Stop()
    {
        foreach (Pivot pivot in _pivots)
        {
            pivot.Touches = null;
        }
    }

    /// <summary>Notifies every tracker of what was touched.</summary>
    public void Collect()
    {
        bool isTouched = false;
        foreach (Pivot pivot in _pivots)
        {
            PivotTouches touches = pivot.Touches!;
            for (int row = 0; row < touches.Rows.Count; row++)
            {
                ReadOnlySpan<int> tuple = touches.Rows[row];
                byte nulls = touches.Rows.Nulls(row);
                ulong hash = TupleIndex.Hash(tuple, nulls);
                foreach (ReportTracker tracker in _trackers)
                {
                    tracker.Touched.GetOrAdd(tuple, nulls, hash);
                }
            }

            isTouched |= touches.Rows.Count > 0;
            _sums.Add(touches.Columns);
            touches.Clear();
        }

        if (isTouched && HaveColumnsChanged())
        {
            Columns = LiveColumns();
            Layout = Builder().BuildLayout(Columns);
        }
    }

    /// <summary>Returns rows as they are now, and removed ones.</summary>
    public (ReportTable Rows, ReportTable Removed) Rows(TupleIndex touched) => Builder().BuildRows(_pivots, touched, Columns, Layout);

    /// <summary>Returns rows as they are now, by what they stand for.</summary>
    public List<ReportRow> NamedRows(TupleIndex touched)
    {
        var names = new ReportRowNames(_definition, _names);
        var sums = new Dictionary<string, long>?[touched.Count];
        var nullSums = new long[touched.Count];
        foreach (Pivot pivot in _pivots)
        {
            string?[] columns = [.. Enumerable.Range(0, pivot.Columns.Count).Select(column => names.Column(pivot.Columns, column))];
            int[]? places = pivot.Sparse is null ? null : new int[pivot.Rows.Count];
            for (int place = 0; place < touched.Count; place++)
            {
                int row = pivot.Rows.Find(touched[place], touched.Nulls(place));
                if (row < 0)
                {
                    continue;
                }

                ReadOnlySpan<ushort> counts = pivot.DenseCounts(row);
                for (int column = 0; column < counts.Length; column++)
                {
                    Add(place, columns[column], counts[column]);
                }

                if (places is not null)
                {
                    places[row] = place + 1;
                }
            }

            for (int index = 0; places is not null && index < pivot.Sparse!.Count; index++)
            {
                if (places[pivot.Sparse.RowAt(index)] is var place and not 0)
                {
                    Add(place - 1, columns[pivot.Sparse.ColumnAt(index)], pivot.Sparse.CountAt(index));
                }
            }
        }

        var rows = new List<ReportRow>(touched.Count);
        for (int place = 0; place < touched.Count; place++)
        {
            List<KeyValuePair<string, long>> counted = [.. (sums[place] ?? []).Where(static cell => cell.Value != 0)];
            List<string?> columns = [.. counted.Select(static cell => cell.Key)];
            List<long> counts = [.. counted.Select(static cell => cell.Value)];
            if (nullSums[place] != 0)
            {
                columns.Add(null);
                counts.Add(nullSums[place]);
            }

            rows.Add(new ReportRow(names.Number(touched[place], touched.Nulls(place)), names.Text(touched[place], touched.Nulls(place)), columns, counts));
        }

        return rows;

        void Add(int place, string? column, long count)
        {
            if (count == 0)
            {
                return;
            }

            if (column is null)
            {
                nullSums[place] += count;
                return;
            }

            Dictionary<string, long> cells = sums[place] ??= new Dictionary<string, long>(StringComparer.Ordinal);
            cells[column] = cells.GetValueOrDefault(column) + count;
        }
    }

    private ReportBuilder Builder() => new(_definition, _names);

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
            if (Columns.Find(_sums[i], _sums.Nulls(i)) < 0)
            {
                return true;
            }
        }

        return live != Columns.Count;
    }
}
