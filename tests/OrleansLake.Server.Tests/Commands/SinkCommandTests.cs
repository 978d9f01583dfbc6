using System.Text.Json.Nodes;
using OrleansLake.TestSupport;
using SinkOfYourOwn;

namespace OrleansLake.Server.Tests.Commands;

/// <summary>The command <c>lake sink list</c>, and what <c>lake top</c> shows of sinks.</summary>
public class SinkCommandTests
{
    [Fact]
    public async Task Sinks_are_listed_for_people_and_for_programs()
    {
        using var scratch = new ScratchFolder();
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(settings: settings => settings with { AddServices = services => services.AddReportSink(_ => new FolderSink(scratch["reports"])) });
        await server.PostAsync(ServerUnderTest.Line("a"));
        await Eventually.HoldsAsync(() => server.NewClient().GetSinksAsync().Result.Single() is { Lag: 0, Position.Messages: 1 }, "it is written");
        Assert.Matches(@"(?m)^folder:reports +1 +1\.1 +0 +written", Run("list").Output);
        Assert.Matches(@"^name,epoch,position,time,lag,lag_seconds,failure,failed_at,taken\nfolder:reports,1,1\.1,[-0-9T:.]+Z,0,0,,,false\n$", Run("list", "--format", "csv").Output);
        JsonNode answer = JsonNode.Parse(await server.Http.GetStringAsync("/v1/sinks"))!["sinks"]!;
        Assert.True(JsonNode.DeepEquals(answer, JsonNode.Parse(Run("list", "--format", "json").Output)), $"{answer}");
        Assert.True(JsonNode.DeepEquals(answer[0], JsonNode.Parse(Run("list", "--format", "ndjson").Output)), $"{answer}");
        LakeResult top = LakeProcess.Run("top", "--once", "--url", server.Address.ToString());
        Assert.Contains(",\"sinks\":[{\"name\":\"folder:reports\",\"lag\":0,\"lag_seconds\":0,\"taken\":false}]}", top.Output, StringComparison.Ordinal);

        // Another one takes the folder: the server notices with its next step.
        await using var other = new FolderSink(scratch["reports"]);
        await other.OpenAsync([], CancellationToken.None);
        await server.PostAsync(ServerUnderTest.Line("b"));
        await Eventually.HoldsAsync(() => server.NewClient().GetSinksAsync().Result.Single() is { IsTaken: true, Lag: 1 }, "it is taken");
        Assert.Matches(@"(?m)^folder:reports +1 +1\.1 +1 .* taken by another owner +[-0-9T:.]+Z the owner of .* is of epoch 2", Run("list").Output);
        Assert.Matches(@"""sinks"":\[\{""name"":""folder:reports"",""lag"":1,""lag_seconds"":[0-9.]+,""taken"":true\}\]", LakeProcess.Run("top", "--once", "--url", server.Address.ToString()).Output);

        LakeResult Run(params string[] arguments)
        {
            LakeResult result = LakeProcess.Run(["sink", .. arguments, "--url", server.Address.ToString()]);
            Assert.Equal((0, ""), (result.ExitCode, result.Error));
            return result;
        }
    }

    [Fact]
    public async Task A_key_that_may_read_lists_sinks_and_where_there_are_none_that_is_said()
    {
        (string text, LakeApiKey key) = LakeApiKey.Create("reader", LakeScopes.Read);
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options => options.Keys.Add(key));
        LakeResult listed = LakeProcess.Run("sink", "list", "--url", server.Address.ToString(), "--key", text);
        Assert.Equal((0, "", "The server writes to no sinks."), (listed.ExitCode, listed.Output, listed.Error.Trim()));
        Assert.Equal("[]", LakeProcess.Run("sink", "list", "--format", "json", "--url", server.Address.ToString(), "--key", text).Output.Trim());
        Assert.NotEqual(0, LakeProcess.Run("sink", "list", "--url", server.Address.ToString()).ExitCode);
    }
}
