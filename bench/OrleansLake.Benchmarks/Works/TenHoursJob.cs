using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansLake.Benchmarks.Comparing;
using OrleansLake.Engine;
using OrleansLake.Storage;

namespace OrleansLake.Benchmarks.Works;

/// <summary>
/// Triggers on a simulated clock through the engine, on a real folder, in a process of its own: before each some messages
/// of five dates are sent, then the pipeline runs until it has caught up. Says each hour as a line of JSON.
/// </summary>
internal sealed class TenHoursJob
{
    private const int TriggersPerHour = 720;
    private const int MessagesPerTrigger = 200;
    private const int Dates = 5;
    private const int Users = 20_000;

    private static readonly TimeSpan Trigger = TimeSpan.FromSeconds(5);
    private static readonly string[] EventTypes = ["OPEN", "RECEIVED", "SENT", "CREATED", "CLICKED", "NONE"];
    private static readonly string[] Channels = ["CHAT", "EMAIL", "SMS", "PUSH", "OTHER"];

    private readonly SimulatedClock _clock = new(new DateTimeOffset(2024, 12, 16, 8, 0, 0, TimeSpan.Zero));
    private readonly StringBuilder _body = new();
    private readonly string _folder;
    private ulong _made;

    private TenHoursJob(string folder) => _folder = folder;

    public static Task<int> RunAsync(string folder, int triggers) => new TenHoursJob(folder).RunAsync(triggers);

    private async Task<int> RunAsync(int triggers)
    {
        var options = new LakeOptions { Path = _folder, Create = true, IsDurable = false, Trigger = Trigger, Clock = _clock };
        await using Lake lake = await Lake.OpenAsync(options).ConfigureAwait(false);
        _ = lake.GoLive();
        List<double> milliseconds = [];
        double processor = 0;
        (int Manifests, int State, int Segments) most = default;
        for (int trigger = 1; trigger <= triggers; trigger++)
        {
            byte[] body = Messages();
            long started = Stopwatch.GetTimestamp();
            TimeSpan processorBefore = Environment.CpuUsage.TotalTime;
            SendOutcome outcome = await lake.SendAsync(body).ConfigureAwait(false);
            if (outcome.Accepted != MessagesPerTrigger)
            {
                throw new InvalidOperationException($"{outcome.Accepted} messages were accepted");
            }

            _clock.Advance(Trigger);
            await lake.RunAsync(new RunOptions { UntilCaughtUp = true }).ConfigureAwait(false);
            milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            processor += (Environment.CpuUsage.TotalTime - processorBefore).TotalMilliseconds;
            most = (
                Math.Max(most.Manifests, FilesIn($"{LakePaths.Checkpoint}/p00000/manifests")),
                Math.Max(most.State, FilesIn($"{LakePaths.Checkpoint}/p00000/state")),
                Math.Max(most.Segments, FilesIn($"{LakePaths.BronzeLog}/p00000")));
            if (trigger % TriggersPerHour == 0 || trigger == triggers)
            {
                var hour = new HourFigures(
                    (trigger + TriggersPerHour - 1) / TriggersPerHour, Median.Of(milliseconds), milliseconds.Max(), processor / milliseconds.Count, most.Manifests, most.State, most.Segments,
                    lake.Status.Keys, GC.GetTotalMemory(forceFullCollection: true), SilverFilesPerDate(), FilesIn(LakePaths.BronzeData));
                Console.WriteLine(JsonSerializer.Serialize(hour));
                milliseconds.Clear();
                processor = 0;
                most = default;
            }
        }

        return 0;
    }

    private int FilesIn(string folder) => Directory.EnumerateFiles(Path.Combine(_folder, folder)).Count();

    private int SilverFilesPerDate() => new[] { LakePaths.MessagesData, LakePaths.MessagesCorruptedData }
        .SelectMany(side => Directory.EnumerateDirectories(Path.Combine(_folder, side)))
        .Max(static date => Directory.EnumerateFiles(date).Count());

    // Of ten messages three repeat a key from anywhere before, at another time; one of six is corrupted.
    private byte[] Messages()
    {
        _body.Clear();
        for (int i = 0; i < MessagesPerTrigger; i++, _made++)
        {
            ulong random = Mixed(_made * 2);
            ulong key = Mixed(random) % 10 < 3 && _made > 0 ? random % _made : _made;
            ulong bits = Mixed((key * 2) + 1);
            DateTimeOffset time = _clock.GetUtcNow() - TimeSpan.FromDays((long)(random % Dates)) - TimeSpan.FromMicroseconds((long)(random >> 40) % 5_000_000);
            _body.Append(
                CultureInfo.InvariantCulture,
                $$"""
                {"timestamp":"{{time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffff}}Z","value":"{{_made}}","event_type":"{{EventTypes[bits % 6]}}","message_id":"{{Id(bits)}}","channel":"{{Channels[bits / 6 % 5]}}","country_id":{{2000 + (bits % 16)}},"user_id":{{random % Users}}}
                """).Append('\n');
        }

        return Encoding.UTF8.GetBytes(_body.ToString());
    }

    private static Guid Id(ulong bits)
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, bits);
        BitConverter.TryWriteBytes(bytes[8..], Mixed(bits));
        return new Guid(bytes);
    }

    // SplitMix64: as good as random, and the same every time.
    private static ulong Mixed(ulong value)
    {
        value = (value + 1) * 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
