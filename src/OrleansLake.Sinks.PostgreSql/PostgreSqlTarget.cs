using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace OrleansLake.Sinks.PostgreSql;

/// <summary>A schema of a PostgreSQL database that reports are written to, and how it is reached.</summary>
/// <remarks>Its text never holds a password.</remarks>
public sealed class PostgreSqlTarget
{
    private const string Example = "postgresql://user@host:5432/database, or postgresql://user@host/database?schema=NAME&reports=report1";
    private const string DefaultSchema = "orleanslake";
    private const int DefaultPort = 5432;

    private static readonly string[] Schemes = ["postgresql://", "postgres://"];

    private PostgreSqlTarget()
    {
    }

    /// <summary>Gets the database's host.</summary>
    public string Host { get; private init; } = "";

    /// <summary>Gets its port.</summary>
    public int Port { get; private init; } = DefaultPort;

    /// <summary>Gets the database's name.</summary>
    public string Database { get; private init; } = "";

    /// <summary>Gets the schema that has the tables: the lake's alone. It is made if it is not there.</summary>
    public string Schema { get; private init; } = DefaultSchema;

    /// <summary>Gets the names of the reports that are written; none: all of the lake's.</summary>
    public IReadOnlyList<string> Reports { get; private init; } = [];

    /// <summary>Gets what a connection is made by. It may name a file with a password, but holds none.</summary>
    internal string ConnectionString { get; private init; } = "";

    /// <summary>Reads an address; <paramref name="error"/> says what is wrong, without repeating what may be a password.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out PostgreSqlTarget? target, [NotNullWhen(false)] out string? error)
    {
        target = null;
        error = Read(text, ref target);
        return error is null && target is not null;
    }

    /// <summary>Returns the place for people: the schema, and where it is.</summary>
    public override string ToString() => $"the schema '{Schema}' of the database '{Database}' at {Host}:{Port}";

    private static string? Read(string? text, ref PostgreSqlTarget? target)
    {
        if (Array.Find(Schemes, scheme => text?.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) == true) is not { } scheme || !Uri.TryCreate(text, UriKind.Absolute, out Uri? uri))
        {
            return $"expected an address such as {Example}";
        }

        if (uri.UserInfo.Contains(':', StringComparison.Ordinal))
        {
            return "a password is seen by others on a command line: put it into the environment as PGPASSWORD, or into a password file (`man pgpass`), which passfile=FILE or PGPASSFILE names";
        }

        string database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/'));
        if (uri.Host.Length == 0 || database.Length == 0 || database.Contains('/', StringComparison.Ordinal))
        {
            return $"an address names a host and a database: {Example}";
        }

        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = uri.IdnHost,
            Port = uri.Port > 0 ? uri.Port : DefaultPort,
            Database = database,
            ApplicationName = "OrleansLake",
            Timeout = 10,

            // Temporary tables are made once for each connection.
            NoResetOnClose = true,
            Pooling = false,
        };
        if (uri.UserInfo.Length > 0)
        {
            connection.Username = Uri.UnescapeDataString(uri.UserInfo);
        }

        var parameters = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        string schema = DefaultSchema;
        string[] reports = [];
        foreach (string pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            string name = Uri.UnescapeDataString(equals < 0 ? pair : pair[..equals]);
            string value = equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..]);
            if (!parameters.Add(name) || value.Length == 0)
            {
                return value.Length == 0 ? $"{name}= is empty: leave it out, or give it a value" : $"{name}= occurs twice";
            }

            if (name == "schema")
            {
                schema = value;
            }
            else if (name == "reports")
            {
                reports = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            }
            else if (Set(connection, name, value) is { } fault)
            {
                return fault;
            }
        }

        if (SqlNames.Fit(schema, []) != schema || schema.StartsWith("pg_", StringComparison.Ordinal))
        {
            return $"schema={schema} is not a schema's name: 1 to {SqlNames.BytesMax} bytes, and not pg_...";
        }

        target = new PostgreSqlTarget
        {
            Host = connection.Host,
            Port = connection.Port,
            Database = database,
            Schema = schema,
            Reports = reports,
            ConnectionString = connection.ConnectionString,
        };
        return null;
    }

    private static string? Set(NpgsqlConnectionStringBuilder connection, string name, string value)
    {
        if (name.Contains("password", StringComparison.OrdinalIgnoreCase) && !name.Equals("passfile", StringComparison.OrdinalIgnoreCase))
        {
            return $"{name}= is a secret, which others see on a command line: use PGPASSWORD, or passfile=FILE";
        }

        try
        {
            connection[name] = value;
            return null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or KeyNotFoundException or OverflowException)
        {
            return connection.ContainsKey(name) ? $"{name}={value} cannot be used: {e.Message.Split('\n')[0].TrimEnd('.', '\r')}"
                : $"there is no parameter '{name}'; there are schema, reports, and the settings of Npgsql such as sslmode, passfile, timeout";
        }
    }
}
