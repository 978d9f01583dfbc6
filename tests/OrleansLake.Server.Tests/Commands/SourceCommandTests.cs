using System.Text.Json.Nodes;
using OrleansLake.TestSupport;
using SourceOfYourOwn;

namespace OrleansLake.Server.Tests.Commands;

/// <summary>The commands <c>lake source</c>, and what <c>lake top</c> shows of sources.</summary>
public class SourceCommandTests
{
    [Fact]
    public async Task Sources_are_listed_paused_and_moved_by_name()
    {
        using var scratch = new ScratchFolder();
        string file = scratch.Write("a.ndjson", ServerUnderTest.Line("a") + ServerUnderTest.Line("b"));
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(settings: settings => settings with { AddServices = services => services.AddTopicSource(_ => new LinesSource(file)) });
        await Eventually.HoldsAsync(() => server.Http.GetAsync("/v1/messages/b").Result.IsSuccessStatusCode, "both are stored");
        Assert.Matches(@"(?m)^lines:a\.ndjson +lines:a\.ndjson +0 +2 +2 +0 +read", Run(0, "list").Output);
        JsonNode answer = JsonNode.Parse(await server.Http.GetStringAsync("/v1/sources"))!["sources"]!;
        Assert.True(JsonNode.DeepEquals(answer, JsonNode.Parse(Run(0, "list", "--format", "json").Output)), $"{answer}");
        Assert.Equal("name,paused,trouble,topic,partition,position,end,lag,lag_seconds,stopped\nlines:a.ndjson,false,,lines:a.ndjson,0,2,2,0,0,\n", Run(0, "list", "--format", "csv").Output);
        Assert.Equal("lines:a.ndjson is paused.", Run(0, "pause", "lines:a.ndjson").Error.Trim());
        Assert.Matches(@"(?m)^lines:a\.ndjson .* paused", Run(0, "list").Output);
        Assert.Equal(
            "lines:a.ndjson/0 is read from offset 1 on, and not from 2: 1 offset read again: bronze has their messages again, reports count each once by its id.",
            Run(0, "seek", "lines:a.ndjson", "1").Error.Trim());
        LakeResult top = LakeProcess.Run("top", "--once", "--url", server.Address.ToString());
        Assert.Contains("\"sources\":[{\"name\":\"lines:a.ndjson\",\"lag\":1,\"lag_seconds\":0,\"paused\":true,\"stopped\":0}]", top.Output, StringComparison.Ordinal);
        Assert.Equal("lines:a.ndjson goes on.", Run(0, "resume", "lines:a.ndjson").Error.Trim());
        await Eventually.HoldsAsync(() => server.GetJsonAsync("/v1/ledger").Result.GetProperty("total").GetProperty("bronze").GetInt32() == 3, "it goes on");
        Assert.Contains("begins at offset 0 and ends at 2 now: 7 is not between", Run(2, "seek", "lines:a.ndjson", "7").Error, StringComparison.Ordinal);
        Assert.Contains("'soon' is neither earliest nor latest nor an offset", Run(2, "seek", "lines:a.ndjson", "soon").Error, StringComparison.Ordinal);
        Assert.Contains("There is no source other; there are lines:a.ndjson", Run(1, "pause", "other").Error, StringComparison.Ordinal);

        LakeResult Run(int code, params string[] arguments)
        {
            LakeResult result = LakeProcess.Run(["source", .. arguments, "--url", server.Address.ToString()]);
            Assert.Equal((code, ""), (result.ExitCode, result.ExitCode == code ? "" : result.Error));
            return result;
        }
    }

    [Fact]
    public async Task A_key_that_may_read_lists_sources_and_does_not_change_them()
    {
        (string text, LakeApiKey key) = LakeApiKey.Create("reader", LakeScopes.Read);
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options => options.Keys.Add(key));
        LakeResult listed = LakeProcess.Run("source", "list", "--url", server.Address.ToString(), "--key", text);
        Assert.Equal((0, "The server reads no topics."), (listed.ExitCode, listed.Error.Trim()));
        Assert.Equal("[]", LakeProcess.Run("source", "list", "--format", "json", "--url", server.Address.ToString(), "--key", text).Output.Trim());
        LakeResult refused = LakeProcess.Run("source", "pause", "a", "--url", server.Address.ToString(), "--key", text);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("needs the scope admin", refused.Error, StringComparison.Ordinal);
    }
}
