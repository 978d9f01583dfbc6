using OrleansLake.Core.Countries;
using OrleansLake.Core.Messages;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Publishing;

/// <summary>The columns of a row group with ids that are not numbers of 32 bits: what the codes of each batch stand for.</summary>
internal static class IdData
{
    /// <summary>Returns the column of such ids.</summary>
    /// <param name="type">Their type.</param>
    /// <param name="runs">The rows.</param>
    /// <param name="rows">Their number.</param>
    /// <param name="validity">Which of them hold a value.</param>
    /// <param name="columnOf">Returns the column of a batch.</param>
    internal static ColumnData Of(IdType type, IReadOnlyList<RowRun> runs, int rows, RowValidity validity, Func<MessageBatch, IdColumn> columnOf) =>
        type == IdType.Text ? Texts(runs, rows, validity, columnOf) : Numbers(runs, rows, validity, columnOf);

    /// <summary>Returns the countries' rows by row, -1 where there is none.</summary>
    internal static int[] CountriesOf(IReadOnlyList<RowRun> runs, int rows, CountryTable countries)
    {
        int[] found = new int[rows];
        int at = 0;
        foreach (RowRun run in runs)
        {
            IdColumn ids = run.Batch.Batch.CountryIds;
            int[] known = new int[ids.Names?.Count ?? 0];    // by code; 0 is not looked up, else the row + 2
            foreach (int row in run.Rows.Span)
            {
                if (ids.IsNull(row))
                {
                    found[at++] = -1;
                    continue;
                }

                ref int country = ref known[ids.Values[row]];
                country = country == 0 ? countries.IndexOf(ids, row) + 2 : country;
                found[at++] = country - 2;
            }
        }

        return found;
    }

    private static Int64Data Numbers(IReadOnlyList<RowRun> runs, int rows, RowValidity validity, Func<MessageBatch, IdColumn> columnOf)
    {
        long[] values = new long[rows];
        int at = 0;
        foreach (RowRun run in runs)
        {
            IdColumn ids = columnOf(run.Batch.Batch);
            foreach (int row in run.Rows.Span)
            {
                values[at++] = ids.Names is { } names && !ids.IsNull(row) ? IdColumn.NumberOf(names[ids.Values[row]]) : 0;
            }
        }

        return new Int64Data(values, validity.Words);
    }

    private static BytesData Texts(IReadOnlyList<RowRun> runs, int rows, RowValidity validity, Func<MessageBatch, IdColumn> columnOf)
    {
        int[] ends = new int[rows + 1];
        int at = 0;
        foreach (RowRun run in runs)
        {
            IdColumn ids = columnOf(run.Batch.Batch);
            foreach (int row in run.Rows.Span)
            {
                ends[at + 1] = checked(ends[at] + (ids.Names is { } names && !ids.IsNull(row) ? names[ids.Values[row]].Length : 0));
                at++;
            }
        }

        byte[] bytes = new byte[ends[^1]];
        at = 0;
        foreach (RowRun run in runs)
        {
            IdColumn ids = columnOf(run.Batch.Batch);
            foreach (int row in run.Rows.Span)
            {
                if (ids.Names is { } names && !ids.IsNull(row))
                {
                    names[ids.Values[row]].CopyTo(bytes.AsSpan(ends[at]));
                }

                at++;
            }
        }

        return new BytesData(bytes, ends, validity.Words);
    }
}
