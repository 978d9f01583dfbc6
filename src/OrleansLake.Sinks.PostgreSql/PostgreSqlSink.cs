using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using OrleansLake.Client;
using OrleansLake.Core.Reports;

namespace OrleansLake.Sinks.PostgreSql;

/// <summary>
/// Reports in a schema of PostgreSQL, with the counts of the lake. Each step is one transaction, which begins by looking whether this still is
/// the owner of the newest epoch: the row that says so is locked until the step is committed, so a later owner waits for it or refuses it.
/// </summary>
internal sealed class PostgreSqlSink(PostgreSqlTarget target) : IReportSink
{
    private readonly string _ledger = $"{SqlNames.Quote(target.Schema)}.ledger";
    private readonly Dictionary<string, SqlReport> _reports = new(StringComparer.Ordinal);
    private NpgsqlConnection? _connection;
    private long _epoch;

    /// <inheritdoc/>
    public string Name => $"postgresql:{target.Database}/{target.Schema}";

    /// <inheritdoc/>
    public IReadOnlyList<string> Reports => target.Reports;

    /// <inheritdoc/>
    public override string ToString() => target.ToString();

    /// <inheritdoc/>
    public Task<long> OpenAsync(IReadOnlyList<ReportDefinition> reports, CancellationToken cancellationToken) => TryAsync(async () =>
    {
        await DisposeAsync().ConfigureAwait(false);
        _reports.Clear();
        _connection = new NpgsqlConnection(target.ConnectionString);
        await _connection.OpenAsync(cancellationToken).ConfigureAwait(false);

        // A process that stands still in the middle of a step must not hold its lock for long.
        await RunAsync("set idle_in_transaction_session_timeout = '60s'; set client_min_messages = warning", cancellationToken).ConfigureAwait(false);
        await using NpgsqlTransaction transaction = await _connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await RunAsync($"select pg_advisory_xact_lock(hashtextextended({SqlNames.Literal("OrleansLake " + target.Schema)}, 0))", cancellationToken).ConfigureAwait(false);
        if (await ScalarAsync($"select to_regnamespace({SqlNames.Literal(SqlNames.Quote(target.Schema))}) is null", cancellationToken).ConfigureAwait(false) is true)
        {
            await RunAsync($"create schema {SqlNames.Quote(target.Schema)}", cancellationToken).ConfigureAwait(false);
        }

        await RunAsync(
            $"""
            create table if not exists {_ledger} (id smallint primary key check (id = 1), epoch bigint not null, step bigint not null, position text, time timestamptz, written_at timestamptz,
                bronze bigint, messages bigint, messages_corrupted bigint, rejected bigint, deduplicated bigint, newest_event timestamptz)
            """,
            cancellationToken).ConfigureAwait(false);
        var names = new HashSet<string>(StringComparer.Ordinal) { "ledger" };
        foreach (ReportDefinition definition in reports)
        {
            var report = new SqlReport(target.Schema, definition, names);
            await RunAsync(report.CreateTables, cancellationToken).ConfigureAwait(false);
            await CheckAsync(report, cancellationToken).ConfigureAwait(false);
            await ReadColumnsAsync(report, cancellationToken).ConfigureAwait(false);
            await RunAsync(report.CreateView, cancellationToken).ConfigureAwait(false);
            await RunAsync(report.CreateStage, cancellationToken).ConfigureAwait(false);
            _reports.Add(definition.Name, report);
        }

        _epoch = (long)(await ScalarAsync(
            $"insert into {_ledger} as l (id, epoch, step) values (1, 1, 0) on conflict (id) do update set epoch = l.epoch + 1, step = 0 returning epoch", cancellationToken).ConfigureAwait(false))!;
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return _epoch;
    });

    /// <inheritdoc/>
    public Task WriteAsync(SinkStep changes, CancellationToken cancellationToken) => TryAsync(async () =>
    {
        NpgsqlTransaction transaction = await _connection!.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            await ClaimAsync(changes, cancellationToken).ConfigureAwait(false);
            foreach (LiveUpdate update in changes.Updates)
            {
                if (update is LiveSnapshot whole)
                {
                    await WriteAsync(_reports[whole.Snapshot.Report], whole.Snapshot.Table, null, changes.Number, cancellationToken).ConfigureAwait(false);
                }
                else if (update is LiveDelta change)
                {
                    await WriteAsync(_reports[change.Report], change.Rows, change.Removed, changes.Number, cancellationToken).ConfigureAwait(false);
                }
            }

            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        }

        return 0;
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    // Locks the owner's row until the end of the transaction.
    private async Task ClaimAsync(SinkStep step, CancellationToken cancellationToken)
    {
        LiveStatus? status = step.Updates.OfType<LiveStatus>().LastOrDefault();
        await using NpgsqlCommand command = Command($"""
            update {_ledger} set step = $2, position = $3, time = $4, written_at = clock_timestamp()
            {(status is null ? "" : ", bronze = $5, messages = $6, messages_corrupted = $7, rejected = $8, deduplicated = $9, newest_event = $10")}
            where epoch = $1
            """);
        Add(command, NpgsqlDbType.Bigint, _epoch);
        Add(command, NpgsqlDbType.Bigint, step.Number);
        Add(command, NpgsqlDbType.Text, step.Position.ToString());
        Add(command, NpgsqlDbType.TimestampTz, step.Time.UtcDateTime);
        if (status is not null)
        {
            foreach (long count in (ReadOnlySpan<long>)[status.Ledger.Bronze, status.Ledger.Messages, status.Ledger.MessagesCorrupted, status.Ledger.Rejected, status.Ledger.Deduplicated])
            {
                Add(command, NpgsqlDbType.Bigint, count);
            }

            Add(command, NpgsqlDbType.TimestampTz, status.NewestEvent?.UtcDateTime);
        }

        if (await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false) == 0)
        {
            object? epoch = await ScalarAsync($"select epoch from {_ledger}", cancellationToken).ConfigureAwait(false);
            throw new SinkOwnershipException(string.Create(CultureInfo.InvariantCulture, $"{target} has an owner of epoch {epoch}, and this one is of {_epoch}. Each schema is for one lake"));
        }
    }

    private async Task WriteAsync(SqlReport report, ReportTable rows, ReportTable? removed, long step, CancellationToken cancellationToken)
    {
        (int[] ids, string[] names, string? sql) = report.ColumnsOf(rows);
        if (sql is not null)
        {
            await RunAsync(sql, cancellationToken).ConfigureAwait(false);
        }

        // Three times as quick as by the table of changes.
        bool isFirst = removed is null && await ScalarAsync(report.IsEmpty, cancellationToken).ConfigureAwait(false) is true;
        NpgsqlBinaryImporter importer = await _connection!.BeginBinaryImportAsync(isFirst ? report.CopyLong : report.CopyStage, cancellationToken).ConfigureAwait(false);
        await using (importer.ConfigureAwait(false))
        {
            var copying = new RowCopying(importer, isFirst ? new RowVersion(names, _epoch, step) : null);
            await copying.WriteAsync(rows, ids, cancellationToken).ConfigureAwait(false);
            if (removed is not null)
            {
                await copying.WriteKeysAsync(removed, cancellationToken).ConfigureAwait(false);
            }

            await importer.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }

        if (isFirst)
        {
            return;
        }

        await using NpgsqlCommand upsert = Command(report.Upsert);
        Add(upsert, NpgsqlDbType.Bigint, _epoch);
        Add(upsert, NpgsqlDbType.Bigint, step);
        await upsert.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        await RunAsync(removed is null ? report.DeleteOthers : report.DeleteChanged, cancellationToken).ConfigureAwait(false);
    }

    private async Task CheckAsync(SqlReport report, CancellationToken cancellationToken)
    {
        object? found = await ScalarAsync(
            $"""
            select string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' order by attnum) from pg_attribute
            where attrelid = {SqlNames.Literal(report.LongTable)}::regclass and attnum > 0 and not attisdropped
            """,
            cancellationToken).ConfigureAwait(false);
        if (found as string != report.LongColumns)
        {
            throw new SinkException(
                $"the table {report.LongTable} is not what report {report.Definition.Name} of this lake needs: it has {found}, and is to have {report.LongColumns}. A schema is for one lake: name another one by schema=NAME, or drop this one");
        }
    }

    private async Task ReadColumnsAsync(SqlReport report, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = Command(report.ReadColumns);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            report.Add(reader.GetInt32(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetString(2), reader.GetString(3));
        }
    }

    private async Task RunAsync(string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = Command(sql);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<object?> ScalarAsync(string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = Command(sql);
        return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
    }

    private NpgsqlCommand Command(string sql)
    {
        NpgsqlCommand command = _connection!.CreateCommand();
#pragma warning disable CA2100 // Names and texts in it are in quotation marks (SqlNames); values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100

        // A whole report of millions of rows takes its time.
        command.CommandTimeout = 0;
        return command;
    }

    private static void Add(NpgsqlCommand command, NpgsqlDbType type, object? value) =>
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value ?? DBNull.Value });

    private async Task<T> TryAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (NpgsqlException e)
        {
            throw new SinkException(SqlFailure.Describe(e, target), e);
        }
    }
}
