using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using Npgsql;

namespace OrleansLake.Silo;

/// <summary>Checks whether a database can keep the list of silos, before Orleans needs it.</summary>
internal static class PostgreSqlCheck
{
    private const string Setting = "Cluster:PostgreSql";

    // Of the last of deploy/postgresql's scripts for the list, and of its last one: a database that has it has run those before.
    private const string LastQuery = "CleanupDefunctSiloEntriesKey";
    private const string LastQueryOfGrains = "DeleteReminderRowsKey";

    /// <summary>Waits for the server, and checks the tables.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="storesGrains">Whether it is to keep state of grains and reminders as well.</param>
    /// <param name="wait">Waits.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>What distinguishes the database from any other, whatever its host is called.</returns>
    /// <exception cref="SiloStartException">It cannot be used as it is.</exception>
    internal static async Task<string> RunAsync(string connectionString, bool storesGrains, StartWait wait, CancellationToken cancellationToken)
    {
        var wanted = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Timeout = 5, CommandTimeout = 5 };
        string identity = "";
        await wait.ForAsync(
            $"PostgreSQL at {wanted.Host}:{wanted.Port} ({Setting})",
            async cancellation =>
            {
                try
                {
                    identity = await PollAsync(wanted, storesGrains, cancellation);
                    return null;
                }
                catch (Exception e) when (IsTransient(e))
                {
                    return (e.InnerException ?? e).Message.ReplaceLineEndings(" ");
                }
                catch (DbException e)
                {
                    throw new SiloStartException(
                        SiloExitCode.Usage, $"{Setting} is refused by {wanted.Host}:{wanted.Port}: {ReasonOf(e, wanted)}", e);
                }
            },
            cancellationToken);
        return identity;
    }

    private static async Task<string> PollAsync(NpgsqlConnectionStringBuilder wanted, bool storesGrains, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(wanted.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using NpgsqlCommand tables = new("select to_regclass('orleansquery') is not null and to_regclass('orleansmembershiptable') is not null", connection);
        bool isThere = (bool)(await tables.ExecuteScalarAsync(cancellationToken))!;
        if (isThere)
        {
            await using NpgsqlCommand queries = new($"select exists (select from orleansquery where querykey = '{LastQuery}')", connection);
            isThere = (bool)(await queries.ExecuteScalarAsync(cancellationToken))!;
        }

        if (isThere && storesGrains)
        {
            await using NpgsqlCommand queries = new($"select exists (select from orleansquery where querykey = '{LastQueryOfGrains}')", connection);
            if (!(bool)(await queries.ExecuteScalarAsync(cancellationToken))!)
            {
                throw new SiloStartException(
                    SiloExitCode.Environment, $"{Setting}: the database {wanted.Database ?? wanted.Username} at {wanted.Host}:{wanted.Port} lacks the tables that keep how far sinks are: run deploy/postgresql/4-grain-storage.sql and 5-reminders.sql there.");
            }
        }

        if (!isThere)
        {
            throw new SiloStartException(
                SiloExitCode.Environment, $"{Setting}: the database {wanted.Database ?? wanted.Username} at {wanted.Host}:{wanted.Port} lacks the tables of the silos' list: run the scripts in deploy/postgresql there, in order.");
        }

        await using NpgsqlCommand rights = new(
            $"select string_agg(needed || ' on ' || name, ', ') from unnest(array['orleansmembershiptable', 'orleansmembershipversiontable'{(storesGrains ? ", 'orleansstorage', 'orleansreminderstable'" : "")}]) name, " +
            "unnest(array['SELECT', 'INSERT', 'UPDATE']) needed where not has_table_privilege(name, needed)", connection);
        if (await rights.ExecuteScalarAsync(cancellationToken) is string lacking)
        {
            throw new SiloStartException(
                SiloExitCode.Environment, $"{Setting}: the user {wanted.Username} of the database {wanted.Database ?? wanted.Username} at {wanted.Host}:{wanted.Port} lacks the permission {lacking}: grant it, or give another user.");
        }

        return await IdentityAsync(connection, cancellationToken);
    }

    private static async Task<string> IdentityAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlCommand query = new("select system_identifier, current_database() from pg_control_system()", connection);
            await using NpgsqlDataReader row = await query.ExecuteReaderAsync(cancellationToken);
            await row.ReadAsync(cancellationToken);
            return string.Create(CultureInfo.InvariantCulture, $"database {row.GetString(1)} of the PostgreSQL server {row.GetInt64(0)}");
        }
        catch (PostgresException)
        {
            // Unavailable on this server: the cluster's name alone has to do.
            return "";
        }
    }

    // Without TLS at the server, or with a certificate that is not trusted, the fault is not the server's word but the client's.
    private static string ReasonOf(DbException e, NpgsqlConnectionStringBuilder wanted) =>
        $"{((e as PostgresException)?.MessageText ?? (e.InnerException ?? e).Message).ReplaceLineEndings(" ").TrimEnd('.')}." + (e is PostgresException || wanted.SslMode < SslMode.Require ? ""
            : $" SSL Mode={wanted.SslMode} asks for TLS{(wanted.SslMode == SslMode.Require ? "" : " with a certificate that this machine trusts")}: set it up at the server, or give SSL Mode=Prefer.");

    // Away, starting, or full: it may come.
    private static bool IsTransient(Exception e) => e switch
    {
        PostgresException postgres => postgres.SqlState.StartsWith("57P", StringComparison.Ordinal) || postgres.SqlState.StartsWith("53", StringComparison.Ordinal),
        NpgsqlException => e.InnerException is SocketException or IOException or TimeoutException,
        SocketException or IOException or TimeoutException => true,
        _ => false,
    };
}
