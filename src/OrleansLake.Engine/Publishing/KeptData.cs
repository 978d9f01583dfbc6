using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Publishing;

/// <summary>The columns of what is kept beside messages, gathered from rows of applied batches.</summary>
internal static class KeptData
{
    /// <summary>Returns what some batch of the runs keeps in its rows.</summary>
    internal static KeptFields In(IEnumerable<RowRun> runs)
    {
        KeptFields kept = KeptFields.None;
        foreach (RowRun run in runs)
        {
            kept |= run.Batch.Kept;
        }

        return kept;
    }

    /// <summary>Returns the columns, in the order of files, and behind them those that are made of them.</summary>
    /// <param name="runs">The rows.</param>
    /// <param name="rows">Their number.</param>
    /// <param name="kept">What is kept of some.</param>
    /// <param name="added">The columns that the lake adds.</param>
    /// <param name="reports">Whether values that do not fit these are reported.</param>
    internal static List<ColumnData> Of(IReadOnlyList<RowRun> runs, int rows, KeptFields kept, AddedData added, bool reports)
    {
        var gathered = new KeptColumns();
        foreach (RowRun run in runs)
        {
            KeptColumns? from = run.Batch.Batch.Kept;
            foreach (int row in run.Rows.Span)
            {
                if (from is null)
                {
                    gathered.AppendNulls(1);
                }
                else
                {
                    gathered.AppendRow(from, row);
                }
            }
        }

        var columns = new List<ColumnData>();
        if ((kept & KeptFields.Attributes) != 0)
        {
            TextColumn attributes = gathered.Attributes;
            columns.Add(new BytesData(attributes.Bytes, attributes.Offsets, Nulls(rows, attributes.IsNull)));
        }

        if ((kept & KeptFields.Source) != 0)
        {
            NameColumn sources = gathered.Sources;
            int[] codes = new int[rows];
            for (int row = 0; row < rows; row++)
            {
                codes[row] = Math.Max(0, sources.Codes[row]);
            }

            columns.Add(BytesData.OfDictionary(sources.Names.Names.Bytes, sources.Names.Names.Offsets, codes, Nulls(rows, sources.IsNull)));
            columns.Add(new Int64Data(gathered.SourceOffsets.Memory, Nulls(rows, gathered.SourceOffsets.IsNull)));
        }

        columns.AddRange(added.Of(gathered.Attributes, reports ? row => IdOf(runs, row) : null));
        return columns;
    }

    private static string IdOf(IReadOnlyList<RowRun> runs, int row)
    {
        foreach (RowRun run in runs)
        {
            if (row < run.Rows.Length)
            {
                MessageIdColumn ids = run.Batch.Batch.MessageIds;
                byte[] text = new byte[ids.TextLength(run.Rows.Span[row])];
                ids.CopyText(run.Rows.Span[row], text);
                return Encoding.UTF8.GetString(text);
            }

            row -= run.Rows.Length;
        }

        return "";
    }

    private static ReadOnlyMemory<ulong> Nulls(int rows, Func<int, bool> isNull)
    {
        var validity = new RowValidity(rows);
        for (int row = 0; row < rows; row++)
        {
            if (isNull(row))
            {
                validity.SetNull(row);
            }
        }

        return validity.Words;
    }
}
