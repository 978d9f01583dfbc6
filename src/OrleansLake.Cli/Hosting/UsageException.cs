namespace OrleansLake.Cli.Hosting;

/// <summary>What was asked for cannot be meant: exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
