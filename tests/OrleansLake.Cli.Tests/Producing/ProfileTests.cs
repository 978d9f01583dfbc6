using System.Buffers;
using System.Text.Json;
using FsCheck;
using FsCheck.Xunit;
using OrleansLake.Cli.Producing;
using OrleansLake.Core.Messages;

namespace OrleansLake.Cli.Tests.Producing;

public class ProfileTests
{
    [Theory]
    [InlineData("notebook")]
    [InlineData("bench")]
    public void The_same_seed_makes_the_same_bytes_and_another_makes_others(string profile)
    {
        Assert.Equal(Make(profile, 7, [1_000]), Make(profile, 7, [1_000]));
        Assert.NotEqual(Make(profile, 7, [1_000]), Make(profile, 8, [1_000]));
    }

    [Property(MaxTest = 20)]
    public bool Messages_do_not_depend_on_how_they_are_cut(long seed, NonEmptyArray<byte> cuts)
    {
        int[] sizes = [.. cuts.Get.Select(size => (int)size)];
        return new[] { "notebook", "bench" }.All(profile =>
            Make(profile, seed, sizes).AsSpan().SequenceEqual(Make(profile, seed, [sizes.Sum()])));
    }

    /// <summary>Pinned: a seed gives the same messages in the next version.</summary>
    [Fact]
    public void A_seed_keeps_its_messages()
    {
        Assert.Equal(
            """{"timestamp":"2024-12-16T11:59:59.759868Z","value":"0","event_type":"CLICKED","message_id":"6a2f7dbf-2f09-0729-5f34-d087dc3d688f","channel":"PUSH","country_id":2003,"user_id":1024}""",
            Line(Make("notebook", 1, [1])));
        Assert.Equal(
            """{"timestamp":"2024-11-08T06:55:59.449792Z","value":"0","event_type":"SENT","message_id":"a6c7188e-0551-411e-ad50-16879973635c","channel":"CHAT","country_id":2007,"user_id":83918}""",
            Line(Make("bench", 1, [1])));
    }

    [Fact]
    public void The_bench_profile_has_the_shares_that_it_promises()
    {
        const int Count = 200_000;
        MessageBatch batch = new();
        new BenchProfile(3).Fill(batch, 0, Count);
        HashSet<(MessageIdBits, int, int)> keys = [];
        HashSet<MessageIdBits> ids = [];
        HashSet<long> days = [];
        Dictionary<int, int> users = [];
        int messages = 0;
        for (int row = 0; row < Count; row++)
        {
            ids.Add(batch.MessageIds.Bits[row]);
            days.Add(batch.Timestamps.Values[row] / 86_400_000_000);
            users[batch.UserIds.Values[row]] = users.GetValueOrDefault(batch.UserIds.Values[row]) + 1;
            if (!Corruption.IsCorrupted(batch.EventTypes[row], batch.EventTypes.IsNull(row)))
            {
                messages++;
                keys.Add((batch.MessageIds.Bits[row], batch.EventTypes.Codes[row], batch.Channels.Codes[row]));
            }
        }

        Assert.InRange(1 - ((double)messages / Count), 0.281, 0.291);
        Assert.InRange(1 - ((double)keys.Count / messages), 0.295, 0.305);
        Assert.InRange((double)ids.Count / Count, 0.158, 0.162);
        Assert.Equal(30, days.Count);
        Assert.InRange(users.Count, 60_000, 100_000);
        Assert.True(users.Values.Max() > 100 * Count / 100_000, "no user is busy");
        Assert.True(users.Keys.Min() >= 1 && users.Keys.Max() <= 100_000);
    }

    [Fact]
    public void The_notebook_profile_has_every_kind_of_message()
    {
        JsonElement[] messages = [.. System.Text.Encoding.UTF8.GetString(Make("notebook", 5, [20_000]))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
        string?[] eventTypes = [.. messages.Select(message => message.GetProperty("event_type").GetString()).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal<IEnumerable<string?>>([null, "", "CLICKED", "CREATED", "NONE", "OPEN", "RECEIVED", "SENT"], eventTypes);
        Assert.Equal(5, messages.Select(message => message.GetProperty("channel").GetString()).Distinct().Count());
        Assert.Equal(17, messages.Select(message => message.GetProperty("country_id").GetInt32()).Distinct().Count());
        Assert.All(messages, message => Assert.InRange(message.GetProperty("user_id").GetInt32(), 1000, 1050));

        // The same key again, with an earlier time after a later one: what deduplication is for.
        Dictionary<string, string> first = [];
        int earlier = 0;
        foreach (JsonElement message in messages)
        {
            string key = $"{message.GetProperty("message_id")} {message.GetProperty("event_type")} {message.GetProperty("channel")}";
            string time = message.GetProperty("timestamp").GetString()!;
            earlier += first.TryAdd(key, time) || string.CompareOrdinal(time, first[key]) >= 0 ? 0 : 1;
        }

        Assert.InRange(first.Count, messages.Length / 2, messages.Length * 9 / 10);
        Assert.True(earlier > 500, $"{earlier} messages came late with an earlier time");
    }

    [Fact]
    public void Without_a_seed_messages_are_of_now()
    {
        MessageBatch batch = new();
        NotebookProfiles.Create(null, new ProductionLimit(null, null, 10), TimeProvider.System).Fill(batch, 0, 100);
        long nowMicros = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000;
        Assert.Contains(batch.Timestamps.Values.ToArray(), micros => Math.Abs(micros - nowMicros) < 15_000_000);
    }

    [Fact]
    public void A_seeded_profile_does_not_depend_on_the_rate()
    {
        MessageBatch slow = new();
        MessageBatch fast = new();
        NotebookProfiles.Create(1, new ProductionLimit(null, null, 10), TimeProvider.System).Fill(slow, 0, 100);
        NotebookProfiles.Create(1, new ProductionLimit(100, null, null), TimeProvider.System).Fill(fast, 0, 100);
        Assert.Equal(slow.Timestamps.Values.ToArray(), fast.Timestamps.Values.ToArray());
    }

    private static byte[] Make(string profile, long seed, int[] sizes)
    {
        IMessageProfile made = profile == "bench" ? new BenchProfile(seed) : NotebookProfiles.Create(seed, default, TimeProvider.System);
        ArrayBufferWriter<byte> bytes = new();
        long first = 0;
        foreach (int size in sizes)
        {
            MessageBatch batch = new();
            made.Fill(batch, first, size);
            MessageNdjson.Write(batch, bytes);
            first += size;
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static string Line(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes).TrimEnd('\n');
}
