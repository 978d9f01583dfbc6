using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>Lakes whose users are texts or numbers of 64 bits, and whose countries are codes.</summary>
public class IdTypesTests
{
    private const string Countries = "country,country_id\nGermany,DE\n\"Korea, South\",KR\n";

    [Theory]
    [InlineData("1")]
    [InlineData("3")]
    public void A_lake_of_texts_goes_through_log_commit_replay_check_and_repartition(string partitions)
    {
        using var lake = new LakeUnderTest();
        string source = lake.Scratch.Write("events.ndjson", string.Join('\n', Enumerable.Range(0, 300).Select(i => Line($"m{i}", $"\"user-{i % 7}\"", i % 3 == 0 ? "\"DE\"" : i % 3 == 1 ? "\"XX\"" : "null"))));
        lake.Ok("ingest", source, "--user-id", "text", "--country-id", "text", "--countries", lake.Scratch.Write("countries.csv", Countries), "--partitions", partitions);

        // From the log, before anything is published.
        Assert.Contains("\"country_id\":\"DE\",\"user_id\":\"user-0\"", lake.Ok("message", "m0", "--format", "json").Output, StringComparison.Ordinal);
        lake.CatchUp();
        AssertTexts(lake);
        lake.Ok("ingest", lake.Scratch.Write("more.csv", "message_id,timestamp,event_type,channel,user_id,country_id\nc1,2024-12-16T10:01:00Z,SENT,SMS,user-0,KR\nc2,2024-12-16T10:01:00Z,SENT,SMS,,\n"));
        string before = Report2(lake);
        Assert.StartsWith("{\"user_id\":\"user-0\",\"iterations\":44,\"SMS\":44}\n{\"user_id\":\"user-1\",\"iterations\":43", before, StringComparison.Ordinal);
        lake.Ok("check", "--deep");
        lake.Ok("replay", "--yes");
        lake.Ok("check", "--deep");
        Assert.Equal(before, lake.Report("report2"));
        lake.Ok("repartition", partitions == "1" ? "2" : "1");
        lake.Ok("check", "--deep");
        Assert.Equal(before, lake.Report("report2"));
        Assert.Equal("Korea, South", One($"select country from {lake.SilverSql("messages")} where message_id = 'c1'"));
    }

    [Fact]
    public void A_lake_of_numbers_of_64_bits_has_them_exact_everywhere()
    {
        using var lake = new LakeUnderTest();
        lake.Ok("ingest", lake.Scratch.Write("events.ndjson", string.Join('\n', Line("a", "9223372036854775807", "2003"), Line("b", "\"-9223372036854775808\"", "null"), Line("c", "7", "2003"))), "--user-id", "int64", "--run");
        Assert.Equal(
            "{\"user_id\":\"-9223372036854775808\",\"iterations\":1,\"SMS\":1}\n{\"user_id\":7,\"iterations\":1,\"SMS\":1}\n{\"user_id\":\"9223372036854775807\",\"iterations\":1,\"SMS\":1}\n",
            lake.Report("report2"));
        Assert.Equal("user_id,iterations,SMS", lake.Ok("report", "report2", "--format", "csv").Lines[0].TrimEnd());
        Assert.Equal("9223372036854775807,1,1", lake.Ok("report", "report2", "--format", "csv").Lines[3].TrimEnd());
        foreach (string sql in (string[])[lake.BronzeSql, lake.SilverSql("messages"), lake.GoldSql("report2")])
        {
            Assert.Equal("BIGINT", One($"select any_value(typeof(user_id)) from {sql}"));
            Assert.Equal("9223372036854775807", One($"select max(user_id) from {sql}"));
        }

        lake.Ok("replay", "--yes");
        lake.Ok("check", "--deep");
    }

    [Fact]
    public void The_types_are_fixed_when_the_lake_is_created()
    {
        using var lake = new LakeUnderTest();
        Assert.Contains("--countries FILE", lake.Expect(2, "ingest", lake.Scratch.Write("none.ndjson", ""), "--country-id", "text").Error, StringComparison.Ordinal);
        Assert.Contains("expected int32, int64 or text", lake.Expect(2, "ingest", "-", "--user-id", "uuid").Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(lake.Folder) && File.Exists(Path.Combine(lake.Folder, "lake.json")));
        lake.Ok("ingest", lake.Scratch.Write("one.ndjson", Line("a", "\"alice\"", "2003")), "--user-id", "text", "--run");
        Assert.Contains("The lake's user_id is text and cannot be changed to int64", lake.Expect(2, "ingest", lake.Scratch["one.ndjson"], "--user-id", "int64").Error, StringComparison.Ordinal);
        lake.Ok("run", "--until-caught-up", "--user-id", "text");
        Assert.Contains("\"formatVersion\": 5", File.ReadAllText(Path.Combine(lake.Folder, "lake.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_default_lake_says_which_type_takes_a_user_that_it_rejects()
    {
        using var lake = new LakeUnderTest();
        Assert.Contains("--user-id int64", lake.Expect(1, "ingest", lake.Scratch.Write("one.ndjson", Line("a", "3000000000", "2003"))).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_proposal_says_what_the_lake_is_to_be_created_with_and_a_trial_takes_it()
    {
        using var lake = new LakeUnderTest();
        string source = lake.Scratch.Write("hooks.ndjson", string.Concat(Enumerable.Range(0, 30).Select(static i => $$"""{"ts":{{1734343260 + i}},"id":"m{{i}}","event":"SENT","via":"SMS","uid":"user-{{i % 3}}","country":"{{(i % 2 == 0 ? "DE" : "KR")}}"}""" + "\n")));
        LakeResult proposed = lake.Ok("mapping", "infer", source);
        Assert.Contains("user_id: uid has values such as \"user-0\": the lake is to be created with --user-id text.", proposed.Error, StringComparison.Ordinal);
        Assert.Contains("country_id: country has values such as \"DE\": the lake is to be created with --country-id text and --countries FILE, which has their names.", proposed.Error, StringComparison.Ordinal);
        Assert.Contains("30 messages would be taken", proposed.Error, StringComparison.Ordinal);
        Assert.Contains("`lake mapping test --mapping FILE --user-id text --country-id text` shows", proposed.Error, StringComparison.Ordinal);
        string mapping = lake.Scratch.Write("mapping.json", proposed.Output);
        Assert.Contains("a lake that is created with --country-id text takes it", lake.Expect(1, "mapping", "test", "--mapping", mapping, source).Output, StringComparison.Ordinal);
        Assert.Contains("\"country_id\":\"DE\",\"user_id\":\"user-0\"", lake.Ok("mapping", "test", "--mapping", mapping, source, "--user-id", "text", "--country-id", "text").Output, StringComparison.Ordinal);
        Assert.Contains("\"user_id\": null", lake.Ok("mapping", "infer", source, "--user-id", "int64").Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(lake.Folder));

        lake.Ok("ingest", source, "--mapping", mapping, "--user-id", "text", "--country-id", "text", "--countries", lake.Scratch.Write("countries.csv", Countries));
        Assert.DoesNotContain("is to be created", lake.Ok("mapping", "infer", source).Error, StringComparison.Ordinal);
        Assert.Contains("The lake's user_id is text and cannot be changed to int64", lake.Expect(2, "mapping", "infer", source, "--user-id", "int64").Error, StringComparison.Ordinal);
        Assert.Contains("\"user_id\":\"user-0\"", lake.Ok("mapping", "test", source).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_of_a_lake_of_other_ids_says_what_they_are()
    {
        using var lake = new LakeUnderTest();
        Assert.DoesNotContain("Its ids are", lake.Ok("run", "--for", "10ms").Error, StringComparison.Ordinal);
        using var texts = new LakeUnderTest();
        Assert.Contains("ctrl-C commits and stops. Its ids are user_id text, country_id int32.", texts.Ok("run", "--for", "10ms", "--user-id", "text").Error, StringComparison.Ordinal);
    }

    private static void AssertTexts(LakeUnderTest lake)
    {
        foreach (string sql in (string[])[lake.BronzeSql, lake.SilverSql("messages")])
        {
            Assert.Equal("VARCHAR", One($"select any_value(typeof(user_id)) from {sql}"));
            Assert.Equal("VARCHAR", One($"select any_value(typeof(country_id)) from {sql}"));
        }

        Assert.Equal("100", One($"select count(*) from {lake.SilverSql("messages")} where country = 'Germany' and country_id = 'DE'"));
        Assert.Equal("200", One($"select count(*) from {lake.SilverSql("messages")} where country is null"));
    }

    // The one cell of a query's answer.
    private static string One(string sql) => System.Text.Json.JsonDocument.Parse(DuckDb.Query(sql).Lines[^1]).RootElement[0].ToString();

    private static string Report2(LakeUnderTest lake)
    {
        lake.CatchUp();
        return lake.Report("report2");
    }

    private static string Line(string id, string user, string country) =>
        $$"""{"timestamp":"2024-12-16T10:01:00Z","event_type":"SENT","channel":"SMS","message_id":"{{id}}","country_id":{{country}},"user_id":{{user}}}""";
}
