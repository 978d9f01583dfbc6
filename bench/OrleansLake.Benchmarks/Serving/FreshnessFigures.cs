namespace OrleansLake.Benchmarks.Serving;

/// <summary>The latencies of single messages, in ms each.</summary>
internal sealed class FreshnessFigures
{
    /// <summary>From sending to 202: durable.</summary>
    public List<double> DurableMs { get; } = [];

    /// <summary>From sending with <c>?wait=report</c> to 200: durable, and in the reports.</summary>
    public List<double> ShownMs { get; } = [];

    /// <summary>From the 202 to a read that shows it.</summary>
    public List<double> ReadMs { get; } = [];

    /// <summary>From the 202 to the event that a watcher gets of it.</summary>
    public List<double> PushedMs { get; } = [];
}
