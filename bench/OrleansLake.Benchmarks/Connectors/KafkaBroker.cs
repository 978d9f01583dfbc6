using System.Diagnostics;
using System.Globalization;
using OrleansLake.Benchmarks.Comparing;

namespace OrleansLake.Benchmarks.Connectors;

/// <summary>A broker with a topic, in a process of its own.</summary>
internal sealed class KafkaBroker : IDisposable
{
    private readonly Process _process;

    internal KafkaBroker(string file, int messages, int partitions)
    {
        ProcessStartInfo start = OwnProcess.Start(
            BrokerJob.Name, file, messages.ToString(CultureInfo.InvariantCulture), partitions.ToString(CultureInfo.InvariantCulture));
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        _process = Process.Start(start)!;
        Brokers = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the broker ended before it was there");
    }

    /// <summary>Gets where it is.</summary>
    internal string Brokers { get; }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
