using System.Collections.Concurrent;
using OrleansLake.Storage.Stores;
using OrleansLake.TestSupport;

namespace OrleansLake.Storage.Azure.Tests;

/// <summary>An outcome that is unknown is read back: what was done once is neither done twice nor taken for another's.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class LostAnswerTests(SharedAzurite azurite)
{
    [AzuriteFact]
    public async Task Every_change_whose_first_answer_is_lost_has_happened_once()
    {
        await using TroubleProxy proxy = await TroubleProxy.StartAsync(azurite.Port);
        string container = $"lake-{Guid.NewGuid():N}";
        azurite.Store(container).TryPublish("first", [0], "t");
        AzureLakeStore store = azurite.Store(container, proxy.Port);
        var asked = new ConcurrentDictionary<string, bool>();
        proxy.Decide = request => request.Method is "PUT" or "DELETE"
            && asked.TryAdd($"{request.Method} {request.Path}{request.QueryString} {request.Headers["x-ms-client-request-id"]}", true)
                ? Trouble.LostAnswer : Trouble.None;

        Assert.True(store.TryPublish("x", [1], "t"));
        Assert.Equal([1], store.ReadAll("x"));
        Assert.False(store.TryPublish("x", [2], "t"));
        using (IFileWriter writer = store.CreateTemporary("g.tmp"))
        {
            writer.Content.Write([3]);
            writer.Complete();
        }

        store.MakeNamesDurable(["g.tmp"]);
        store.Replace(new FileMove("g.tmp", "g"));
        Assert.Equal([3], store.ReadAll("g"));
        using (ILogFile log = store.CreateLogFile("log", 4096))
        {
            byte[] bytes = new byte[5_000_000];
            new Random(1).NextBytes(bytes);
            log.Write(bytes.AsSpan(0, 10), 0);
            log.Flush();
            log.Write(bytes.AsSpan(10), 10);
            log.Flush();
            Assert.Equal(bytes, store.ReadAll("log"));
        }

        Assert.Throws<IOException>(() => store.CreateLogFile("log", 4096));
        using (IDisposable? taken = store.TryLock("lock", "me"))
        {
            Assert.NotNull(taken);
            Assert.Null(azurite.Store(container).TryLock("lock", "other"));
        }

        store.Delete("x");
        Assert.Equal(["first", "g", "lock", "log"], store.List("", recursive: true).Select(file => file.Path).Order(StringComparer.Ordinal));
        Assert.True(proxy.Count >= 10, $"{proxy.Count} answers were lost");
    }

    [AzuriteFact]
    public async Task A_store_that_cannot_be_reached_fails_with_one_line_that_says_so()
    {
        await using TroubleProxy proxy = await TroubleProxy.StartAsync(azurite.Port);
        proxy.Decide = _ => Trouble.LostRequest;
        var store = new AzureLakeStore(azurite.Options($"lake-{Guid.NewGuid():N}", proxy.Port) with { RetriesMax = 1 });
        IOException failure = Assert.ThrowsAny<IOException>(() => store.Find("x"));
        Assert.StartsWith("x: Azure Blob Storage", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
        Assert.ThrowsAny<IOException>(() => store.TryPublish("x", [1], "t"));
        Assert.ThrowsAny<IOException>(() => store.CreateLogFile("l", 10));

        // What failed may be tried again.
        proxy.Decide = null;
        Assert.Equal([PublishOutcome.Published], store.Publish([new FileMove("t", "x")]));
        Assert.Equal([1], store.ReadAll("x"));
    }
}
