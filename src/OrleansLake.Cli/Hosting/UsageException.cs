namespace OrleansLake.Cli.Hosting;

/// <summary>The exception for wrong usage: exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
