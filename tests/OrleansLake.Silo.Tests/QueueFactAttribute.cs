using OrleansLake.Contracts;
using OrleansLake.TestSupport;

namespace OrleansLake.Silo.Tests;

/// <summary>A test that needs RabbitMQ and PostgreSQL; skipped where one of them is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class QueueFactAttribute : RabbitFactAttribute
{
    public QueueFactAttribute() => Skip ??= PostgreSqlServer.MissingBecause;
}
