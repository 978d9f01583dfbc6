using System.Diagnostics;
using System.Text;
using System.Text.Json;
using OrleansLake.Benchmarks.Comparing;

namespace OrleansLake.Benchmarks.Works;

/// <summary>Measures what a mapping, and what keeping other fields, costs where messages are ingested.</summary>
internal sealed class MappingWork : Work
{
    private const int UsualRounds = 7;

    private const string Mapping = """
        {"fields": {"timestamp": {"from": "ts", "format": "epoch-us"}, "message_id": "payload.id", "value": "payload.body", "event_type": "eventType",
        "channel": "via", "country_id": "payload.to.country", "user_id": "payload.to.user"}}
        """;

    public override string Name => "mapping";

    public override string About =>
        """
        `lake ingest FILE` of the same messages as they are and as another platform has them: fields renamed, four of them nested,
        times as microseconds since 1970; and with two fields more, of which one is an object, kept in `attributes`. Durable; nothing is
        run after it.
        """;

    public override ProcessStartInfo Profiled(CompareOptions options, BenchData data) => Mapped(data.Changed("mapped", options.Messages, Transform), data);

    public override WorkResult Measure(CompareOptions options, BenchData data)
    {
        string plain = data.Ndjson(options.Messages);
        string mapped = data.Changed("mapped", options.Messages, Transform);
        string more = data.Changed("more", options.Messages, static line => line[..^1] + ""","plan":"gold","campaign":{"id":17,"name":"spring"}}""");
        (string Name, Func<ProcessStartInfo> Start)[] ways =
        [
            ("as they are", () => MeasuredProcess.LakeCommand("ingest", plain, "--lake", data.Fresh("out-mapping"))),
            ("through a mapping", () => Mapped(mapped, data)),
            ("with attributes kept", () => MeasuredProcess.LakeCommand("ingest", more, "--keep", "attributes", "--lake", data.Fresh("out-mapping"))),
        ];
        List<Measurement>[] rounds = [.. ways.Select(static _ => new List<Measurement>())];
        for (int round = 0; round < (options.Rounds ?? UsualRounds); round++)
        {
            for (int turn = 0; turn < ways.Length; turn++)
            {
                int at = (round + turn) % ways.Length;
                rounds[at].Add(MeasuredProcess.Run(ways[at].Start(), out _));
                Console.Error.WriteLine(string.Create(Results.Plain, $"{Name}, round {round + 1}: {ways[at].Name} {rounds[at][^1].Seconds:F2} s"));
            }
        }

        ResultRow[] rows = [.. ways.Select((way, at) => ResultRow.Of(Name, way.Name, rounds[at], rounds[0]))];
        return new WorkResult(
            rows,
            [
                Goal.AtLeast(Name, "speed through a mapping over the plain one", 1 / rows[1].Ratio, 0.75, "F2", "x"),
                Goal.AtLeast(Name, "speed with attributes kept over the plain one", 1 / rows[2].Ratio, 0.6, "F2", "x"),
            ]);
    }

    private static ProcessStartInfo Mapped(string file, BenchData data)
    {
        string mapping = Path.Combine(data.Folder, "mapping.json");
        File.WriteAllText(mapping, Mapping);
        return MeasuredProcess.LakeCommand("ingest", file, "--mapping", mapping, "--lake", data.Fresh("out-mapping"));
    }

    private static string Transform(string line)
    {
        using var message = JsonDocument.Parse(line);
        JsonElement root = message.RootElement;
        var written = new MemoryStream();
        using (var writer = new Utf8JsonWriter(written))
        {
            writer.WriteStartObject();
            writer.WriteNumber("ts", (root.GetProperty("timestamp").GetDateTimeOffset() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
            Write("eventType", "event_type");
            writer.WriteStartObject("payload");
            Write("id", "message_id");
            Write("body", "value");
            writer.WriteStartObject("to");
            Write("user", "user_id");
            Write("country", "country_id");
            writer.WriteEndObject();
            writer.WriteEndObject();
            Write("via", "channel");
            writer.WriteEndObject();

            void Write(string name, string from)
            {
                if (root.TryGetProperty(from, out JsonElement value))
                {
                    writer.WritePropertyName(name);
                    value.WriteTo(writer);
                }
            }
        }

        return Encoding.UTF8.GetString(written.ToArray());
    }
}
