using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Reading;

/// <summary>Appends what is kept of the rows of a Parquet file beside their messages; they are asked for in their order.</summary>
/// <param name="reader">The open file.</param>
/// <param name="relativePath">Its path below the folder that is read, for columns in the path.</param>
/// <param name="keeping">What is kept.</param>
internal sealed class KeptRows(ParquetReader reader, string relativePath, RecordKeeping keeping)
{
    private readonly IReadOnlyDictionary<string, string?> _inPath = HivePath.Values(relativePath);
    private RowJson? _rows;
    private int _group = -1;
    private long _firstRow = 1;
    private long _endRow = 1;

    /// <summary>Gives messages what is kept of their rows.</summary>
    /// <param name="messages">The messages of rows that follow each other, but for the rejected ones.</param>
    /// <param name="firstRow">The first row's number in the file, from 1.</param>
    /// <param name="count">The number of rows.</param>
    /// <param name="rejections">The rejected ones, in their order.</param>
    internal void Add(MessageBatch messages, long firstRow, int count, List<Rejection> rejections)
    {
        var kept = new KeptColumns();
        int next = 0;
        for (long row = firstRow; row < firstRow + count; row++)
        {
            if (next < rejections.Count && rejections[next].Record == row)
            {
                next++;
                continue;
            }

            keeping.AppendJson(keeping.KeepsAttributes ? Json(row) : default, row, kept);
        }

        messages.Attach(kept);
    }

    private byte[] Json(long row)
    {
        while (row >= _endRow)
        {
            _group++;
            _firstRow = _endRow;
            _endRow += reader.RowCountOf(_group);
            _rows = new RowJson(reader, _group, _inPath);
        }

        return _rows!.Row((int)(row - _firstRow));
    }
}
