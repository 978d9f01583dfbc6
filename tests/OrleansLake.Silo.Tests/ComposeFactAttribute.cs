using OrleansLake.TestSupport;

namespace OrleansLake.Silo.Tests;

/// <summary>A test that needs PostgreSQL and Azurite; skipped, with the reason, where one is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ComposeFactAttribute : FactAttribute
{
    /// <summary>Looks for them.</summary>
    public ComposeFactAttribute() => Skip = PostgreSqlServer.MissingBecause ?? AzuriteServer.MissingBecause;
}
