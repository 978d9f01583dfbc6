using Xunit;

namespace OrleansLake.TestSupport;

/// <summary>A test that needs a PostgreSQL server; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgreSqlFactAttribute : FactAttribute
{
    /// <summary>Looks for it.</summary>
    public PostgreSqlFactAttribute() => Skip = PostgreSqlServer.MissingBecause;
}
