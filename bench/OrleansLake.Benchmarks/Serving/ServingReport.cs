using System.Globalization;
using System.Text;

namespace OrleansLake.Benchmarks.Serving;

/// <summary>The figures as <c>bench/SERVING.md</c> has them.</summary>
internal sealed class ServingReport(int seconds)
{
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;

    // Who else was at work when it began: of a figure that was taken beside others nobody can say what it is.
    private readonly string _load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
    private readonly StringBuilder _ingest = new();
    private readonly StringBuilder _reads = new();
    private readonly StringBuilder _latency = new();
    private readonly StringBuilder _watchers = new();
    private readonly StringBuilder _memory = new();

    public void Ingest(string what, string generator, double perSecond, double medianMs, double p99Ms, double processorPerMillion) =>
        Add(_ingest, string.Create(Plain, $"| {what} | {generator} | {perSecond:N0} | {medianMs:F2} | {p99Ms:F2} | {processorPerMillion:F2} |"));

    public void Read(string what, double perSecond, double medianMs, double p99Ms, double processorMicros) =>
        Add(_reads, string.Create(Plain, $"| {what} | {perSecond:N0} | {medianMs:F2} | {p99Ms:F2} | {processorMicros:F1} |"));

    public void Latency(string what, List<double> ms)
    {
        double[] sorted = [.. ms.Order()];
        Add(_latency, string.Create(Plain, $"| {what} | {sorted.Length:N0} | {At(sorted, 0.5):F2} | {At(sorted, 0.99):F2} | {sorted[^1]:F2} |"));
    }

    public void Watchers(int count, double aloneCores, double watchedCores, double eventsEach, double megabytesPerSecond) =>
        Add(_watchers, string.Create(Plain, $"| {count:N0} | {aloneCores:F2} | {watchedCores:F2} | {watchedCores - aloneCores:F2} | {eventsEach:F1} | {megabytesPerSecond:F1} |"));

    public void Memory(string when, double megabytes) => Add(_memory, string.Create(Plain, $"| {when} | {megabytes:F0} |"));

    public override string ToString() => string.Create(Plain, $"""
        # What `lake serve` does over HTTP

        The built command in a process of its own, on loopback, with fsync and a trigger of 5 s; client and server share
        {Environment.ProcessorCount} cores (whose load was {_load} before), {seconds} s each after a warming up. Messages are those of `lake produce --profile bench`. Load
        generators: Debian's wrk 4.1.0 with one thread, and a loader of our own over blocking sockets (where it keeps a rate, a
        batch's time counts from when it was due). Processor time is the server's, the kernel's for it included.

        | messages in | generator | messages/s | median ms | p99 ms | processor s per M messages |
        |---|---|---:|---:|---:|---:|
        {_ingest.ToString().TrimEnd()}

        At 10,000 messages/s in batches of 100, single messages every 10 ms beside them, for {Math.Max(15, seconds)} s: three triggers.

        | one message | times | median ms | p99 ms | greatest ms |
        |---|---:|---:|---:|---:|
        {_latency.ToString().TrimEnd()}

        | reads (wrk, 32 connections) | requests/s | median ms | p99 ms | processor µs each |
        |---|---:|---:|---:|---:|
        {_reads.ToString().TrimEnd()}

        Watchers of report 1 over server-sent events at 10,000 messages/s; one thread empties their sockets four times a second.

        | watchers | server's cores without | with | added | events/s each | MB/s in all |
        |---:|---:|---:|---:|---:|---:|
        {_watchers.ToString().TrimEnd()}

        | memory | MB resident |
        |---|---:|
        {_memory.ToString().TrimEnd()}

        Again: `dotnet run -c Release --project bench/OrleansLake.Benchmarks -- serve --seconds {seconds}`

        """);

    private static void Add(StringBuilder to, string row)
    {
        Console.Error.WriteLine(row);
        to.Append(row).Append('\n');
    }

    private static double At(double[] sorted, double part) => sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * part)];
}
