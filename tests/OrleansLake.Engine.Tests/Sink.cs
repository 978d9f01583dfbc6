namespace OrleansLake.Engine.Tests;

/// <summary>Progress at once, on the thread that reports it.</summary>
internal sealed class Sink<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
