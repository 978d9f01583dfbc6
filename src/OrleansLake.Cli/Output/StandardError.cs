namespace OrleansLake.Cli.Output;

/// <summary>The process's stderr. What cannot be written to it (a full disk, a reader that has gone) is dropped: what a command does continues.</summary>
internal sealed class StandardError() : StandardStream(2, Console.OpenStandardError)
{
    protected override string Name => "standard error";

    // There is nobody left to report it to.
    protected override void Fail(IOException failure)
    {
    }
}
