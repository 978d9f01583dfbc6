using OrleansLake.Client;
using OrleansLake.Core.Columns;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests.Api;

/// <summary>A server over a lake that keeps attributes and sources.</summary>
public class KeepTests
{
    [Fact]
    public async Task What_is_kept_of_a_body_is_in_the_message_s_answer()
    {
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options => options.Keep = KeptFields.Attributes | KeptFields.Source);
        string line = ServerUnderTest.Line("a").Trim()[..^1];
        await server.PostAsync(line + ",\"plan\":\"gold\",\"n\":1.50}\n" + ServerUnderTest.Line("b"), "?wait=report", key: "batch-7");
        await server.PostAsync($"[{line.Replace("\"a\"", "\"c\"", StringComparison.Ordinal)},\"x\":{{\"y\":[1]}}}}]", "?wait=report", "application/json");
        var copy = (await server.GetJsonAsync("/v1/messages/a")).GetProperty("copies")[0];
        Assert.Equal(("{\"plan\":\"gold\",\"n\":1.50}", "http:local:batch-7", 1), (copy.GetProperty("attributes").GetRawText(), copy.GetProperty("source").GetString(), copy.GetProperty("source_offset").GetInt32()));
        MessageCopy read = (await server.NewClient().GetMessageAsync("b")).Copies[0];
        Assert.Equal((null, "http:local:batch-7", 2L), (read.Attributes, read.Source, read.SourceOffset));
        read = (await server.NewClient().GetMessageAsync("c")).Copies[0];
        Assert.Equal(("{\"x\":{\"y\":[1]}}", "http:local", 1L), (read.Attributes, read.Source, read.SourceOffset));
        Assert.Contains("orleanslake_ingest_left_out_total 0", (await server.Http.GetStringAsync("/metrics")).Split('\n'));
    }

    [Fact]
    public async Task A_column_that_the_lake_adds_is_in_the_message_s_answer()
    {
        using var folder = new ScratchFolder();
        var options = new LakeOptions { Path = folder["lake"], Create = true, Keep = KeptFields.Attributes };
        await using (await Lake.OpenAsync(options))
        {
        }

        Assert.True(AddedColumn.TryCreate("at", "timestamp", "attributes.at", out AddedColumn? column, out _));
        await LakeColumns.AddAsync(options, column);
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(scratch: folder);
        await server.PostAsync(ServerUnderTest.Line("a").Trim()[..^1] + ",\"at\":\"2024-12-16 10:00\"}\n" + ServerUnderTest.Line("b").Trim()[..^1] + ",\"at\":\"2024-12-16T10:00:00+02:00\"}\n", "?wait=report");
        Assert.Equal("{\"at\":null}", (await server.GetJsonAsync("/v1/messages/a")).GetProperty("copies")[0].GetProperty("columns").GetRawText());
        Assert.Equal("{\"at\":\"2024-12-16T08:00:00.000000Z\"}", (await server.NewClient().GetMessageAsync("b")).Copies[0].Columns);
    }
}
