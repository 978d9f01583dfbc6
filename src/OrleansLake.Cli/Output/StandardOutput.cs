namespace OrleansLake.Cli.Output;

/// <summary>
/// The process's stdout. When its reader has gone <see cref="StandardStream.IsClosed"/> is set: to a command that only
/// prints this makes no difference, one that makes output without end stops.
/// </summary>
internal sealed class StandardOutput() : StandardStream(1, Console.OpenStandardOutput)
{
    protected override string Name => "standard output";

    /// <exception cref="IOException">Always: results that are lost are a failure of the command.</exception>
    protected override void Fail(IOException failure) => throw failure;
}
