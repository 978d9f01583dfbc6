using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Publishing;

/// <summary>Quarantine as Parquet: a table that any reader can query.</summary>
internal static class QuarantineFiles
{
    private const int RowGroupBytes = 64 * 1024 * 1024;

    internal static NewDataFile Write(ILakeStore store, PartitionId partition, Epoch epoch, IReadOnlyList<QuarantinedRecord> records)
    {
        long first = records[0].Id.Sequence;
        long last = records[^1].Id.Sequence;
        string path = LakePaths.DataFile(DataKind.Quarantine, null, new DataFileName(partition, epoch, first, last));
        bool isMapped = records.Any(static record => record.Rejection.Mapping is not null);
        return DataFileWriter.Write(
            store, path, DataKind.Quarantine, records.Count, first, last, isMapped ? MessageSchemas.MappedQuarantine : MessageSchemas.Quarantine,
            new ParquetWriterOptions { KeyValueMetadata = FileFormat.Seal([]) },
            parquet =>
            {
                int start = 0;
                while (start < records.Count)
                {
                    int end = start;
                    long bytes = 0;
                    while (end < records.Count && (end == start || bytes < RowGroupBytes))
                    {
                        bytes += records[end++].Rejection.Raw.Length;
                    }

                    parquet.WriteRowGroup(Columns(records, start, end, isMapped));
                    start = end;
                }
            });
    }

    private static ColumnData[] Columns(IReadOnlyList<QuarantinedRecord> records, int start, int end, bool isMapped)
    {
        var reasons = new TextColumn();
        var details = new TextColumn();
        var sources = new TextColumn();
        var raws = new TextColumn();
        var mappings = new TextColumn();
        long[] numbers = new long[end - start];
        long[] sequences = new long[end - start];
        int[] indexes = new int[end - start];
        var positions = new NumberColumn<long>();
        var times = new NumberColumn<long>();
        for (int i = start; i < end; i++)
        {
            Rejection rejection = records[i].Rejection;
            reasons.Append(Encoding.UTF8.GetBytes(rejection.Reason.ToString()));
            details.Append(Encoding.UTF8.GetBytes(rejection.Detail));
            sources.Append(Encoding.UTF8.GetBytes(records[i].Source));
            raws.Append(rejection.Raw);
            if (rejection.Mapping is { } mapping)
            {
                mappings.Append(Encoding.UTF8.GetBytes(mapping));
            }
            else
            {
                mappings.AppendNull();
            }

            numbers[i - start] = rejection.Record;
            sequences[i - start] = records[i].Id.Sequence;
            indexes[i - start] = records[i].Id.Index;
            Append(positions, rejection.Position, rejection.Position >= 0);
            Append(times, records[i].WrittenAt, records[i].WrittenAt != 0);
        }

        return
        [
            Text(reasons), Text(details), Text(sources), new Int64Data(numbers),
            new Int64Data(positions.Memory, positions.Validity.Words.ToArray()), Text(raws),
            new Int64Data(sequences), new Int32Data(indexes), new Int64Data(times.Memory, times.Validity.Words.ToArray()),
            .. isMapped ? (ReadOnlySpan<ColumnData>)[new BytesData(mappings.Bytes, mappings.Offsets, mappings.Validity.Words.ToArray())] : [],
        ];
    }

    private static void Append(NumberColumn<long> column, long value, bool isThere)
    {
        if (isThere)
        {
            column.Append(value);
        }
        else
        {
            column.AppendNull();
        }
    }

    private static BytesData Text(TextColumn column) => new(column.Bytes, column.Offsets);
}
