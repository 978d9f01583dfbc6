namespace OrleansLake.Cli.Hosting;

/// <summary>
/// Progress that is reported on the thread that makes it. <see cref="Progress{T}"/> posts to the thread pool, where an
/// old report may overtake a new one and the last may come after the end.
/// </summary>
internal sealed class ImmediateProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
