namespace OrleansLake.Benchmarks.Works;

/// <summary>The cost of a number of messages.</summary>
/// <param name="Messages">How many.</param>
/// <param name="Seconds">The median time of the whole process.</param>
/// <param name="ProcessorSeconds">The median processor time.</param>
/// <param name="Keys">The keys that are known after it.</param>
/// <param name="LiveBytes">Live managed memory of a process that has the state.</param>
/// <param name="PeakMegabytes">The median peak of the run's resident memory.</param>
/// <param name="OpenSeconds">From opening the lake to having its state.</param>
internal sealed record ScalingPoint(long Messages, double Seconds, double ProcessorSeconds, long Keys, long LiveBytes, double PeakMegabytes, double OpenSeconds)
{
    public double PerMessage => Seconds / Messages;

    public double BytesPerKey => (double)LiveBytes / Math.Max(1, Keys);
}
