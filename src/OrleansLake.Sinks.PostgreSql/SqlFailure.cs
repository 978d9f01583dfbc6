using Npgsql;

namespace OrleansLake.Sinks.PostgreSql;

/// <summary>Says what is wrong with a database, in a line.</summary>
internal static class SqlFailure
{
    /// <summary>Describes a failure, and what to do about it.</summary>
    internal static string Describe(NpgsqlException failure, PostgreSqlTarget target) => failure is PostgresException answer
        ? answer.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                $"{target.Host}:{target.Port} refuses the user or the password ({answer.MessageText}): the password is in PGPASSWORD, or in a file that passfile= or PGPASSFILE names",
            PostgresErrorCodes.InvalidCatalogName => $"{target.Host}:{target.Port} has no database '{target.Database}'",
            PostgresErrorCodes.InsufficientPrivilege => $"the user may not do that ({answer.MessageText}): it needs CREATE and TEMPORARY on the database '{target.Database}', or has to own its schema '{target.Schema}'",
            _ => $"PostgreSQL says: {answer.MessageText} ({answer.SqlState})",
        }
        : $"{target.Host}:{target.Port} cannot be reached: {(failure.InnerException ?? failure).Message.Split('\n')[0].TrimEnd('.', '\r')}";
}
