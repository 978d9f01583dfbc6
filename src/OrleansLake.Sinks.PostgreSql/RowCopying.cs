using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;

namespace OrleansLake.Sinks.PostgreSql;

/// <summary>Copies rows of a report into the table of changes, or into its own: one for each count.</summary>
/// <param name="importer">Writes them.</param>
/// <param name="version">The version of what is copied into the report's own table; null where that comes from the table of changes.</param>
internal sealed class RowCopying(NpgsqlBinaryImporter importer, RowVersion? version)
{
    /// <summary>Writes rows with their counts.</summary>
    /// <param name="table">The rows.</param>
    /// <param name="columns">The ids of its counted columns.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async Task WriteAsync(ReportTable table, int[] columns, CancellationToken cancellationToken)
    {
        Guid[] ids = IdsOf(table);
        for (int row = 0; row < ids.Length; row++)
        {
            foreach ((int counted, long value) in CellsOf(table, row))
            {
                await WriteAsync(table, row, ids[row], columns[counted], value, cancellationToken).ConfigureAwait(false);
                if (version is not null)
                {
                    await importer.WriteAsync(version.Names[counted], NpgsqlDbType.Text, cancellationToken).ConfigureAwait(false);
                    await importer.WriteAsync(version.Epoch, NpgsqlDbType.Bigint, cancellationToken).ConfigureAwait(false);
                    await importer.WriteAsync(version.Step, NpgsqlDbType.Bigint, cancellationToken).ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>Writes the keys of rows: of such a row nothing stays.</summary>
    internal async Task WriteKeysAsync(ReportTable table, CancellationToken cancellationToken)
    {
        Guid[] ids = IdsOf(table);
        for (int row = 0; row < ids.Length; row++)
        {
            await WriteAsync(table, row, ids[row], SqlReport.RowMark, 0, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(ReportTable table, int row, Guid id, int column, long value, CancellationToken cancellationToken)
    {
        await importer.StartRowAsync(cancellationToken).ConfigureAwait(false);
        await importer.WriteAsync(id, NpgsqlDbType.Uuid, cancellationToken).ConfigureAwait(false);
        for (int key = 0; key < table.Definition.RowKeys.Count; key++)
        {
            await WriteKeyAsync(table, row, key, cancellationToken).ConfigureAwait(false);
        }

        await importer.WriteAsync(column, NpgsqlDbType.Integer, cancellationToken).ConfigureAwait(false);
        await importer.WriteAsync(value, NpgsqlDbType.Bigint, cancellationToken).ConfigureAwait(false);
    }

    private Task WriteKeyAsync(ReportTable table, int row, int key, CancellationToken cancellationToken)
    {
        switch (table.Columns[key].Type)
        {
            case ReportColumnType.Text:
                TextColumn texts = table.Texts(key);
                return texts.IsNull(row) ? importer.WriteNullAsync(cancellationToken)
                    : importer.WriteAsync(SqlNames.Text(Encoding.UTF8.GetString(texts[row])), NpgsqlDbType.Text, cancellationToken);
            case ReportColumnType.LongNumber:
                NumberColumn<long> longs = table.LongNumbers(key);
                return longs.IsNull(row) ? importer.WriteNullAsync(cancellationToken) : importer.WriteAsync(longs.Values[row], NpgsqlDbType.Bigint, cancellationToken);
            case ReportColumnType.Date:
                NumberColumn<int> dates = table.Numbers(key);
                return dates.IsNull(row) ? importer.WriteNullAsync(cancellationToken)
                    : importer.WriteAsync(DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays(dates.Values[row]), NpgsqlDbType.Date, cancellationToken);
            default:
                NumberColumn<int> numbers = table.Numbers(key);
                return numbers.IsNull(row) ? importer.WriteNullAsync(cancellationToken) : importer.WriteAsync(numbers.Values[row], NpgsqlDbType.Integer, cancellationToken);
        }
    }

    private static (int Counted, long Value)[] CellsOf(ReportTable table, int row)
    {
        ReadOnlySpan<int> cells = table.CellColumns(row);
        ReadOnlySpan<long> counts = table.CellCounts(row);
        var values = new (int, long)[cells.Length];
        for (int i = 0; i < cells.Length; i++)
        {
            values[i] = (cells[i], counts[i]);
        }

        return values;
    }

    // Keys may be null, and longer than an index allows: a row is found by the SHA-256 of its keys' JSON.
    private static Guid[] IdsOf(ReportTable table) =>
        [.. table.KeysAsJson().Select(static key => new Guid(SHA256.HashData(key).AsSpan(..16), bigEndian: true))];
}
