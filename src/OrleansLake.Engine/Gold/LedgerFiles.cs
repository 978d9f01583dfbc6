using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Gold;

/// <summary>
/// The ledger as a Parquet file, so that any reader can compare the lake's files with it. A date's count of rejected
/// records is null: they have no date.
/// </summary>
internal static class LedgerFiles
{
    private static readonly ParquetSchema Schema = new(
    [
        new ParquetField("scope", ParquetType.String, IsRequired: true),
        new ParquetField("date", ParquetType.Date),
        new ParquetField("bronze", ParquetType.Int64, IsRequired: true),
        new ParquetField("messages", ParquetType.Int64, IsRequired: true),
        new ParquetField("messages_corrupted", ParquetType.Int64, IsRequired: true),
        new ParquetField("deduplicated", ParquetType.Int64, IsRequired: true),
        new ParquetField("rejected", ParquetType.Int64),
        new ParquetField("mended", ParquetType.Int64),
        new ParquetField("manifest", ParquetType.Int64, IsRequired: true),
        new ParquetField("position", ParquetType.Int64, IsRequired: true),
    ]);

    /// <summary>Writes a ledger.</summary>
    /// <param name="destination">The stream to write to.</param>
    /// <param name="table">The ledger.</param>
    /// <param name="manifests">The manifests that it is of, one for each partition; none if it is of none.</param>
    public static void Write(Stream destination, LedgerTable table, params IReadOnlyList<Manifest> manifests)
    {
        var scopes = new TextColumn();
        var dates = new NumberColumn<int>();
        NumberColumn<long>[] counts = [new(), new(), new(), new(), new(), new(), new(), new()];
        foreach (LedgerRow row in table.Rows)
        {
            scopes.Append(Encoding.UTF8.GetBytes(row.Scope));
            Append(dates, row.Day);
            long?[] values = [row.Bronze, row.Messages, row.MessagesCorrupted, row.Deduplicated, row.Rejected, row.Replayed, table.Manifest, table.Position];
            for (int i = 0; i < values.Length; i++)
            {
                Append(counts[i], values[i]);
            }
        }

        var options = new ParquetWriterOptions { KeyValueMetadata = GoldFiles.Metadata(LedgerTable.ColumnNames, manifests) };
        using var writer = new ParquetWriter(destination, Schema, options);
        writer.WriteRowGroup(
        [
            new BytesData(scopes.Bytes, scopes.Offsets),
            new Int32Data(dates.Memory, dates.Validity.Words.ToArray()),
            .. counts.Select((column, i) => new Int64Data(column.Memory, Schema.Fields[i + 2].IsRequired ? default : column.Validity.Words.ToArray())),
        ]);
        writer.Finish();
    }

    private static void Append<T>(NumberColumn<T> column, T? value)
        where T : unmanaged
    {
        if (value is { } known)
        {
            column.Append(known);
        }
        else
        {
            column.AppendNull();
        }
    }
}
