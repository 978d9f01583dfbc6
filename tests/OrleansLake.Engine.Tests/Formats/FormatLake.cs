using System.Text;
using OrleansLake.Storage.Partitions;

namespace OrleansLake.Engine.Tests.Formats;

/// <summary>A small lake, the same every time, with a file of each format of ours, and frames that wait in the log.</summary>
internal static class FormatLake
{
    internal const string Report1 =
        """
        {"date":"2024-12-16","channel":"CHAT","CREATED":1,"OPEN":null,"total":1}
        {"date":"2024-12-16","channel":"SMS","CREATED":null,"OPEN":1,"total":1}

        """;

    internal const string Report2 =
        """
        {"user_id":1000,"iterations":2,"CHAT":1,"SMS":1}

        """;

    private const string Published =
        """
        {"timestamp":"2024-12-16T10:10:01Z","message_id":"123","event_type":"CREATED","channel":"CHAT","country_id":2000,"user_id":1000}
        {"timestamp":"2024-12-16T07:56:45Z","message_id":"123","event_type":"CREATED","channel":"CHAT","country_id":2000,"user_id":1000}
        {"timestamp":"2024-12-16T08:00:00Z","message_id":"124","event_type":"NONE","channel":"CHAT","country_id":2001,"user_id":1000}
        {"timestamp":"2024-12-16T08:00:01Z","message_id":"124","event_type":"OPEN","channel":"SMS","country_id":2001,"user_id":1000}
        no message

        """;

    private const string Waiting =
        """
        {"timestamp":"2024-12-17T00:00:00Z","message_id":"125","event_type":"SENT","channel":"PUSH","country_id":2002,"user_id":1001}

        """;

    internal static async Task<LakeUnderTest> MakeAsync()
    {
        var lake = new LakeUnderTest();
        lake.Options = lake.Options with { Threads = 1, Clock = new ManualClock(), Partition = new PartitionStoreOptions { BaseListChangesMin = 1 } };
        await using Lake open = await lake.OpenAsync();
        await SendAsync(open, Published, 1);
        await open.CommitAsync();
        await SendAsync(open, Waiting, 2);
        return lake;
    }

    /// <summary>The one file, or the last by name, whose path in the lake starts so.</summary>
    internal static string Find(LakeUnderTest lake, string start) => Directory.EnumerateFiles(lake.Path, "*", SearchOption.AllDirectories)
        .Where(path => System.IO.Path.GetRelativePath(lake.Path, path).StartsWith(start, StringComparison.Ordinal))
        .Max(StringComparer.Ordinal)!;

    private static async Task SendAsync(Lake lake, string body, long number)
    {
        SendOutcome sent = await lake.SendAsync(Encoding.UTF8.GetBytes(body), new SendOptions { Key = SendKey.Batch("producer", number) });
        Assert.Equal(SendStatus.Stored, sent.Status);
    }
}
