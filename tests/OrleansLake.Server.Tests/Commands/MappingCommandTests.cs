using OrleansLake.Core.Messages;
using OrleansLake.TestSupport;

namespace OrleansLake.Server.Tests.Commands;

/// <summary>The commands <c>lake mapping test</c> and <c>infer</c> for the lake of a running server.</summary>
public class MappingCommandTests
{
    private const string Mapping = """{"fields":{"timestamp":"at","message_id":"id","event_type":"kind","channel":"via","user_id":"uid","country_id":{"constant":"7"}}}""";
    private const string Record = """{"id":"m1","at":"2026-07-01 00:30:00","via":"SMS","kind":"SENT","uid":"alice","plan":"gold"}""";

    [Fact]
    public async Task A_mapping_is_tried_by_the_ids_the_time_zone_and_the_kept_fields_of_a_server()
    {
        using var scratch = new ScratchFolder();
        string records = scratch.Write("records.ndjson", Record + "\n");
        await using ServerUnderTest server = await ServerUnderTest.StartAsync(options =>
        {
            options.TimeZone = "Europe/Lisbon";
            options.UserId = "text";
            options.Keep = KeptFields.Attributes;
        });
        string url = server.Address.ToString();
        Assert.Contains("There is no mapping shop; the lake has none", Run(1, "test", "shop", records).Error, StringComparison.Ordinal);

        LakeResult set = LakeProcess.Run("mapping", "set", "shop", scratch.Write("shop.json", Mapping), "--url", url);
        Assert.Equal((0, ""), (set.ExitCode, set.ExitCode == 0 ? "" : set.Error));
        LakeResult tried = Run(0, "test", "shop", records);
        Assert.Equal(
            """> {"timestamp":"2026-06-30T23:30:00.000000Z","value":null,"event_type":"SENT","message_id":"m1","channel":"SMS","country_id":7,"user_id":"alice","attributes":{"plan":"gold"}}""",
            tried.Output.TrimEnd().Split('\n')[1]);
        Assert.Contains("There is no mapping other; the lake has shop", Run(1, "test", "other", records).Error, StringComparison.Ordinal);
        Assert.Contains("\"alice\"", Run(0, "test", "--mapping", scratch["shop.json"], records).Output, StringComparison.Ordinal);

        Assert.Contains("! ", Run(1, "test", "none", records).Output, StringComparison.Ordinal);

        LakeResult inferred = Run(0, "infer", "shop", records);
        Assert.Contains("\"user_id\": \"uid\"", inferred.Output, StringComparison.Ordinal);
        Assert.EndsWith("`lake mapping set shop FILE` keeps it in the lake, in place of the one that it has.", inferred.Error.TrimEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain("is to be created with", inferred.Error, StringComparison.Ordinal);

        LakeResult Run(int code, params string[] arguments)
        {
            LakeResult result = LakeProcess.Run(["mapping", .. arguments, "--url", url]);
            Assert.Equal((code, ""), (result.ExitCode, result.ExitCode == code ? "" : result.Error));
            return result;
        }
    }
}
