using System.Diagnostics;
using Npgsql;
using OrleansLake.Benchmarks.Comparing;
using OrleansLake.Benchmarks.Serving;
using OrleansLake.TestSupport;

namespace OrleansLake.Benchmarks.Connectors;

/// <summary>
/// Measures how fast a sink brings whole reports into PostgreSQL, from its connection to its commit, beside a bare COPY of the same rows, as bytes that
/// are ready, into a table with the same indexes.
/// </summary>
internal static class PostgreSqlOut
{
    private const string Rows = "orleanslake.report2_long";

    /// <summary>Returns rows/s, or null where there is no PostgreSQL.</summary>
    internal static (double Bare, double Lake, long Count)? Run(string root, string file, int rounds)
    {
        if (PostgreSqlServer.MissingBecause is not null)
        {
            return null;
        }

        return RunAsync(root, file, rounds).GetAwaiter().GetResult();
    }

    private static async Task<(double Bare, double Lake, long Count)?> RunAsync(string root, string file, int rounds)
    {
        PostgreSqlServer server = await PostgreSqlServer.StartAsync().ConfigureAwait(false);
        await using (server.ConfigureAwait(false))
        {
            var bare = new List<double>();
            var lake = new List<double>();
            long count = 0;
            for (int round = 0; round < rounds; round++)
            {
                await server.ExecuteAsync("drop schema if exists orleanslake cascade; drop table if exists bare").ConfigureAwait(false);
                double ours = await SinkAsync(server, Path.Combine(root, "sink"), file).ConfigureAwait(false);
                (long rows, double copied) = await CopyAsync(server).ConfigureAwait(false);
                lake.Add(rows / ours);
                bare.Add(rows / copied);
                count = rows;
            }

            return (Median.Of(bare), Median.Of(lake), count);
        }
    }

    private static async Task<double> SinkAsync(PostgreSqlServer server, string folder, string file)
    {
        using (Process ingest = Process.Start(new ProcessStartInfo(LakeProcess.DotnetPath, [BuiltProgram.Lake, "ingest", file, "--lake", folder]) { RedirectStandardOutput = true, RedirectStandardError = true })!)
        {
            Task<string> output = ingest.StandardOutput.ReadToEndAsync();
            string error = await ingest.StandardError.ReadToEndAsync().ConfigureAwait(false);
            await output.ConfigureAwait(false);
            await ingest.WaitForExitAsync().ConfigureAwait(false);
            _ = ingest.ExitCode == 0 ? 0 : throw new InvalidOperationException(error);
        }

        using var lake = new ServedLake(folder, "--sink", $"postgresql://lake@127.0.0.1:{server.Port}/postgres");
        while (true)
        {
            if (await AskAsync(
                server,
                """
                select extract(epoch from clock_timestamp() - backend_start)::float8 from pg_stat_activity, orleanslake.ledger
                where application_name = 'OrleansLake' and step > 0
                """).ConfigureAwait(false) is double seconds)
            {
                return seconds;
            }

            await Task.Delay(5).ConfigureAwait(false);
        }
    }

    private static async Task<object?> AskAsync(PostgreSqlServer server, string sql)
    {
        try
        {
            var connection = new NpgsqlConnection(server.ConnectionString);
            await using (connection.ConfigureAwait(false))
            {
                await connection.OpenAsync().ConfigureAwait(false);
                using var command = new NpgsqlCommand(sql, connection);
                return await command.ExecuteScalarAsync().ConfigureAwait(false);
            }
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return null;
        }
    }

    private static async Task<(long Rows, double Seconds)> CopyAsync(PostgreSqlServer server)
    {
        var connection = new NpgsqlConnection(server.ConnectionString);
        await using (connection.ConfigureAwait(false))
        {
            await connection.OpenAsync().ConfigureAwait(false);
            using var ready = new MemoryStream();
            NpgsqlRawCopyStream from = await connection.BeginRawBinaryCopyAsync($"copy {Rows} to stdout (format binary)").ConfigureAwait(false);
            await using (from.ConfigureAwait(false))
            {
                await from.CopyToAsync(ready).ConfigureAwait(false);
            }

            await server.ExecuteAsync($"create table bare (like {Rows} including all)").ConfigureAwait(false);
            ready.Position = 0;
            long began = Stopwatch.GetTimestamp();
            NpgsqlRawCopyStream into = await connection.BeginRawBinaryCopyAsync("copy bare from stdin (format binary)").ConfigureAwait(false);
            await using (into.ConfigureAwait(false))
            {
                await ready.CopyToAsync(into).ConfigureAwait(false);
            }

            double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            return ((long)(await AskAsync(server, "select count(*) from bare").ConfigureAwait(false))!, seconds);
        }
    }
}
