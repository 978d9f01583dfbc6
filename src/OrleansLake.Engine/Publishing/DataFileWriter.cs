using OrleansLake.Parquet;

namespace OrleansLake.Engine.Publishing;

/// <summary>Writes one data file under its temporary name: durable, checksummed, not yet published.</summary>
internal static class DataFileWriter
{
    /// <summary>Rows of a row group at most: a bound for the memory that writing takes, on each thread.</summary>
    internal const int RowGroupRows = 256 * 1024;

    internal static NewDataFile Write(
        ILakeStore store, string path, DataKind kind, long rows, long first, long last,
        ParquetSchema schema, ParquetWriterOptions options, Action<ParquetWriter> write)
    {
        string temporary = LakePaths.Temporary(path);
        using IFileWriter file = store.CreateTemporary(temporary);
        using (var parquet = new ParquetWriter(file.Content, schema, options))
        {
            write(parquet);
            parquet.Finish();
        }

        CompletedFile completed = file.Complete();
        return new NewDataFile(
            temporary, new DataFile(path, kind, rows, first, last, completed.Length, completed.Crc32C));
    }

    /// <summary>Returns the runs in pieces of at most <see cref="RowGroupRows"/> rows.</summary>
    internal static IEnumerable<List<RowRun>> RowGroups(IReadOnlyList<RowRun> runs)
    {
        var group = new List<RowRun>();
        int rows = 0;
        foreach (RowRun run in runs)
        {
            for (int start = 0, taken; start < run.Rows.Length; start += taken)
            {
                taken = Math.Min(run.Rows.Length - start, RowGroupRows - rows);
                group.Add(run.Slice(start, taken));
                rows += taken;
                if (rows == RowGroupRows)
                {
                    yield return group;
                    group = [];
                    rows = 0;
                }
            }
        }

        if (rows > 0)
        {
            yield return group;
        }
    }

    /// <summary>Returns a day as it is in the name of its folder.</summary>
    internal static string DateFolder(int day) => LakeDates.Text(day) ?? LakePaths.DefaultDate;
}
