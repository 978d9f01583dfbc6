using System.Diagnostics;
using System.Text;
using OrleansLake.Benchmarks.Comparing;

namespace OrleansLake.Benchmarks.Works;

/// <summary>Measures how many events a second the reports can follow.</summary>
internal sealed class LiveWork : Work
{
    private const int UsualRounds = 3;
    private const int FrameMessages = 1_000;
    private const int PartitionsMax = 2;
    private const double GoalPerSecond = 5e6;

    public override string Name => "live";

    public override string About =>
        """
        Events through deduplication, with retraction, into both reports, in memory, in frames of 1,000 that are parsed already, on a
        state that has all the messages before them. `OrleansLake`: one partition, frame after frame, as the engine applies them
        with two threads. `two partitions`: a lake of two, each applied by a thread of its own, as `hash(message_id)` routes them.
        No other system takes part in this run; Flink 2.3 kept the deduplicated report live at 124,000 events/s on such a machine.
        """;

    public override ProcessStartInfo Profiled(CompareOptions options, BenchData data) => Job(options, 1);

    public override string? ProfiledThread => LiveJob.ThreadName;

    public override WorkResult Measure(CompareOptions options, BenchData data)
    {
        (string Name, int Partitions)[] contenders = [("OrleansLake", 1), ("OrleansLake, two partitions", PartitionsMax)];
        var measured = new List<LiveFigures>();
        foreach ((string name, int partitions) in contenders)
        {
            Measurement process = MeasuredProcess.Run(Job(options, partitions), out string output);
            measured.Add(LiveFigures.Parse(name, EventsOf(options), process.PeakMegabytes, output));
            Say($"{name}: {measured[^1].PerSecond / 1e6:F2} M events/s");
        }

        if (measured.Select(static one => one.KeysAfter).Distinct().Count() > 1)
        {
            throw new InvalidOperationException("one partition and two do not know as many keys");
        }

        ResultRow[] rows = [.. measured.Select(one => ResultRow.Of(Name, one.Name, one.Rounds, measured[0].Rounds))];
        var text = new StringBuilder();
        text.AppendLine(Results.Plain, $"A round is {EventsOf(options):N0} events.\n");
        text.AppendLine("| | M events/s | keys before | keys after |");
        text.AppendLine("|---|---:|---:|---:|");
        foreach (LiveFigures one in measured)
        {
            text.AppendLine(Results.Plain, $"| {one.Name} | {one.PerSecond / 1e6:F2} | {one.KeysBefore:N0} | {one.KeysAfter:N0} |");
        }

        return new WorkResult(
            rows, [Goal.AtLeast(Name, "M events/s, one partition", measured[0].PerSecond / 1e6, GoalPerSecond / 1e6, "F2", "")], text.ToString());
    }

    // Whole frames of every partition, whatever their number: all apply the same messages.
    private static int EventsOf(CompareOptions options) => Whole(options.Messages / 5);

    private static int Whole(int messages) => Math.Max(10, messages / (FrameMessages * PartitionsMax)) * FrameMessages * PartitionsMax;

    private static ProcessStartInfo Job(CompareOptions options, int partitions)
    {
        int[] numbers = [Whole(options.Messages), EventsOf(options), options.Rounds ?? UsualRounds, FrameMessages, partitions];
        return OwnProcess.Start(["live-job", .. numbers.Select(static number => number.ToString(Results.Plain))]);
    }
}
