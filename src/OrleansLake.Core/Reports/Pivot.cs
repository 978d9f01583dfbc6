using System.Buffers;
using System.Runtime.CompilerServices;

namespace OrleansLake.Core.Reports;

/// <summary>
/// One shard's part of a report: counts by (row, column). Rows and columns are numbered in order of first
/// appearance; the first <see cref="DenseColumnsMax"/> columns of a row lie together in 2 bytes each, the cells of
/// later ones are hashed. So the memory taken is at most 32 bytes a row and about 30 a cell beyond, whatever the number
/// of columns.
/// </summary>
/// <remarks>
/// A dense cell that runs over (or under) its 2 bytes carries 65,536 into the hashed cell of the same place; the count
/// is their sum. A count never falls below 0: what is taken back was added here before, because all messages of a key
/// are in one shard. Rows and cells that fell to 0 stay until they are the larger part, then the pivot is rebuilt.
/// </remarks>
internal sealed class Pivot
{
    /// <summary>Event types and channels are a handful in practice; 16 counts are half a cache line.</summary>
    public const int DenseColumnsMax = 16;

    private const int Carry = ushort.MaxValue + 1;
    private const int SweepFloor = 4096;
    private const int AtOnceMax = 64;

    private readonly int[] _rowFields;
    private readonly int _columnField;
    private readonly bool _columnIsName;
    private TupleIndex _rows;
    private TupleIndex _columns = new(1);
    private int[] _columnByCode = [];      // column + 1 by code; 0 is unknown
    private ushort[] _dense = [];          // _rowCapacity * _stride
    private int _rowCapacity;
    private int _stride;
    private SparseCells? _sparse;
    private int _sweepAt = SweepFloor;

    public Pivot(ReportDefinition definition)
    {
        _rowFields = [.. definition.RowKeys.Select(field => (int)field)];
        _columnField = (int)definition.ColumnKey;
        _columnIsName = definition.ColumnType(definition.ColumnKey) is ReportColumnType.Text or ReportColumnType.LongNumber;
        _rows = new TupleIndex(_rowFields.Length);
    }

    // What is counted, to be read and nothing else.
    private Pivot(Pivot from)
    {
        _rowFields = from._rowFields;
        _columnField = from._columnField;
        _rows = from._rows.CopyNumbered();
        _columns = from._columns.CopyNumbered();
        Build = from.Build;
        _stride = from._stride;
        _rowCapacity = Math.Min(from._rowCapacity, _rows.Count);
        _dense = ArrayPool<ushort>.Shared.Rent(_rowCapacity * _stride);
        from._dense.AsSpan(0, _rowCapacity * _stride).CopyTo(_dense);
        _sparse = from._sparse?.CopyNumbered();
    }

    public TupleIndex Rows => _rows;

    public TupleIndex Columns => _columns;

    public SparseCells? Sparse => _sparse;

    /// <summary>Gets the number of times that it was rebuilt: rows keep their numbers in between.</summary>
    public int Build { get; private set; }

    /// <summary>Gets the number of cells that hold a count, those that are counted in two pieces twice.</summary>
    public long CellCount => (_rowCapacity * _stride) - _dense.AsSpan(0, _rowCapacity * _stride).Count((ushort)0) + (_sparse?.Count ?? 0);

    /// <summary>Gets or sets what collects the counted cells from now on; null: nothing is collected.</summary>
    public PivotTouches? Touches { get; set; }

    public long MemoryBytes => _rows.MemoryBytes + _columns.MemoryBytes + (_sparse?.MemoryBytes ?? 0)
        + ((long)_dense.Length * sizeof(ushort)) + ((long)_columnByCode.Length * sizeof(int));

    private int DenseColumns => Math.Min(_stride, _columns.Count);

    /// <summary>Returns a row's first columns, except for what was carried; empty if none was ever counted.</summary>
    public ReadOnlySpan<ushort> DenseCounts(int row) => row < _rowCapacity ? _dense.AsSpan(row * _stride, DenseColumns) : [];

    /// <summary>Returns the counts as they are now: to be read, not to be added to. Costs a copy of at most 36 bytes a row.</summary>
    public Pivot Copy() => new(this);

    /// <summary>Gives a copy's memory to the next one.</summary>
    public void Return()
    {
        ArrayPool<ushort>.Shared.Return(_dense);
        _rows.Return();
        _columns.Return();
        _dense = [];
        _rowCapacity = 0;
    }

    /// <summary>Counts what messages add and what is taken back.</summary>
    [SkipLocalsInit]
    public void Add(ReadOnlySpan<Contribution> contributions)
    {
        Span<int> tuples = stackalloc int[AtOnceMax * FieldValues.Length];
        Span<byte> nulls = stackalloc byte[AtOnceMax];
        Span<ulong> hashes = stackalloc ulong[AtOnceMax];
        Span<int> rows = stackalloc int[AtOnceMax];
        Span<int> columns = stackalloc int[AtOnceMax];
        while (contributions.Length > 0)
        {
            int length = Math.Min(AtOnceMax, contributions.Length);
            if (_rows.Count + (_sparse?.Count ?? 0) >= _sweepAt)
            {
                Sweep();
            }

            AddAtOnce(contributions[..length], tuples, nulls, hashes, rows, columns);
            contributions = contributions[length..];
        }
    }

    private void AddAtOnce(
        ReadOnlySpan<Contribution> contributions, Span<int> tuples, Span<byte> nulls, Span<ulong> hashes, Span<int> rows, Span<int> columns)
    {
        int width = _rowFields.Length;
        for (int i = 0; i < contributions.Length; i++)
        {
            nulls[i] = Tuple(contributions[i], tuples.Slice(i * width, width));
            hashes[i] = TupleIndex.Hash(tuples.Slice(i * width, width), nulls[i]);
            _rows.PrefetchSlot(hashes[i]);
        }

        for (int i = 0; i < contributions.Length; i++)
        {
            _rows.PrefetchValue(hashes[i]);
        }

        for (int i = 0; i < contributions.Length; i++)
        {
            columns[i] = Column(contributions[i].Fields[_columnField], (byte)(contributions[i].Nulls >> _columnField & 1));
            rows[i] = _rows.GetOrAdd(tuples.Slice(i * width, width), nulls[i], hashes[i]);
            int cell = (rows[i] * _stride) + columns[i];
            if ((uint)cell < (uint)_dense.Length)
            {
                Prefetch.Of(ref _dense[cell]);
            }
        }

        for (int i = 0; i < contributions.Length; i++)
        {
            Add(rows[i], columns[i], contributions[i].Delta);
        }

        if (Touches is { } touches)
        {
            for (int i = 0; i < contributions.Length; i++)
            {
                touches.Rows.GetOrAdd(tuples.Slice(i * width, width), nulls[i], hashes[i]);
                touches.Columns.Add(_columns[columns[i]], _columns.Nulls(columns[i]), contributions[i].Delta);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte Tuple(in Contribution contribution, Span<int> tuple)
    {
        int nulls = 0;
        for (int i = 0; i < tuple.Length; i++)
        {
            int field = _rowFields[i];
            tuple[i] = contribution.Fields[field];
            nulls |= (contribution.Nulls >> field & 1) << i;
        }

        return (byte)nulls;
    }

    /// <summary>Adds less than <see cref="Carry"/> to a cell, or takes it away.</summary>
    private void Add(int row, int column, int delta)
    {
        if (column >= DenseColumnsMax)
        {
            (_sparse ??= new SparseCells()).Add(row, column, delta);
            return;
        }

        if (column >= _stride)
        {
            Widen(column);
        }

        if (row >= _rowCapacity)
        {
            _rowCapacity = Math.Max(row + 1, TupleIndex.GrownLength(Math.Max(8, _rowCapacity)));
            Array.Resize(ref _dense, checked(_rowCapacity * _stride));
        }

        ref ushort cell = ref _dense[(row * _stride) + column];
        int count = cell + delta;
        cell = (ushort)count;
        if ((uint)count >= Carry)
        {
            (_sparse ??= new SparseCells()).Add(row, column, count < 0 ? -Carry : Carry);
        }
    }

    private int Column(int value, byte isNull)
    {
        if (!_columnIsName || isNull != 0)
        {
            return _columns.GetOrAdd([value], isNull);
        }

        if (value >= _columnByCode.Length)
        {
            Array.Resize(ref _columnByCode, Math.Max(value + 1, _columnByCode.Length * 2));
        }

        ref int known = ref _columnByCode[value];
        if (known == 0)
        {
            known = _columns.GetOrAdd([value], 0) + 1;
        }

        return known - 1;
    }

    private void Widen(int column)
    {
        int stride = column < 8 ? column + 1 : DenseColumnsMax;
        ushort[] wider = new ushort[checked(_rowCapacity * stride)];
        for (int row = 0; row < Math.Min(_rowCapacity, _rows.Count) && _stride > 0; row++)
        {
            _dense.AsSpan(row * _stride, _stride).CopyTo(wider.AsSpan(row * stride));
        }

        _dense = wider;
        _stride = stride;
    }

    /// <summary>Builds the pivot without its empty rows and cells if they are the larger part of it.</summary>
    private void Sweep()
    {
        int rows = _rows.Count;
        bool[] live = new bool[rows];
        int liveCells = 0;
        for (int index = 0; index < (_sparse?.Count ?? 0); index++)
        {
            if (_sparse!.CountAt(index) != 0)
            {
                live[_sparse.RowAt(index)] = true;
                liveCells++;
            }
        }

        int liveRows = 0;
        for (int row = 0; row < rows; row++)
        {
            live[row] |= DenseCounts(row).ContainsAnyExcept((ushort)0);
            liveRows += live[row] ? 1 : 0;
        }

        int before = rows + (_sparse?.Count ?? 0);
        if (2L * (liveRows + liveCells) < before)
        {
            Rebuild(live);
        }

        _sweepAt = (int)Math.Min(int.MaxValue, Math.Max(SweepFloor, 2L * (_rows.Count + (_sparse?.Count ?? 0))));
    }

    private void Rebuild(bool[] live)
    {
        TupleIndex rows = _rows;
        TupleIndex columns = _columns;
        ushort[] dense = _dense;
        int denseColumns = DenseColumns;
        int stride = _stride;
        int rowCapacity = _rowCapacity;
        SparseCells? sparse = _sparse;
        Build++;
        _rows = new TupleIndex(_rowFields.Length);
        _columns = new TupleIndex(1);
        _columnByCode = [];
        _dense = [];
        _rowCapacity = 0;
        _stride = 0;
        _sparse = null;
        for (int row = 0; row < Math.Min(rowCapacity, rows.Count); row++)
        {
            for (int column = 0; live[row] && column < denseColumns; column++)
            {
                Move(row, column, dense[(row * stride) + column]);
            }
        }

        for (int index = 0; index < (sparse?.Count ?? 0); index++)
        {
            Move(sparse!.RowAt(index), sparse.ColumnAt(index), sparse.CountAt(index));
        }

        void Move(int row, int column, long count)
        {
            if (count != 0)
            {
                int newRow = _rows.GetOrAdd(rows[row], rows.Nulls(row));
                int newColumn = Column(columns[column][0], columns.Nulls(column));
                if (count < Carry)
                {
                    Add(newRow, newColumn, (int)count);
                }
                else
                {
                    (_sparse ??= new SparseCells()).Add(newRow, newColumn, count);
                }
            }
        }
    }
}
