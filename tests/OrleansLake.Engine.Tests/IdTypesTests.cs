using System.Text;
using OrleansLake.Core.Countries;
using OrleansLake.Core.Messages;
using OrleansLake.Storage;
using OrleansLake.TestSupport;

namespace OrleansLake.Engine.Tests;

/// <summary>Parquet, mappings and quarantine in lakes whose ids are texts or numbers of 64 bits.</summary>
public sealed class IdTypesTests : IDisposable
{
    private static readonly IdTypes Texts = new(IdType.Text, IdType.Text);
    private static readonly IdTypes Numbers = new(IdType.Number64, IdType.Number32);

    private readonly LakeUnderTest _lake = new();

    [ForeignTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Columns_of_parquet_are_texts_and_digits_ingested_or_put_into_bronze(bool isBronze)
    {
        Use(Texts);
        string select = "select 'm' || i as message_id, timestamp '2024-12-16 10:01:00' as timestamp, 'SENT' as event_type, 'SMS' as channel, case i % 3 when 0 then 'grüße' when 1 then '' end as user_id, case i % 2 when 0 then 'DE' end as country_id from range(9) t(i)";
        string numbers = "select 'n' || i as message_id, timestamp '2024-12-16 10:01:00' as timestamp, 'SENT' as event_type, 'SMS' as channel, (5000000000 + i)::bigint as user_id, 7::smallint as country_id from range(2) t(i)";
        await TakeAsync(isBronze, select, numbers);
        Assert.Equal(
            "{\"user_id\":null,\"iterations\":3,\"SMS\":3}\n{\"user_id\":\"\",\"iterations\":3,\"SMS\":3}\n{\"user_id\":\"grüße\",\"iterations\":3,\"SMS\":3}\n"
                + "{\"user_id\":\"5000000000\",\"iterations\":1,\"SMS\":1}\n{\"user_id\":\"5000000001\",\"iterations\":1,\"SMS\":1}\n",
            Report2());
        Assert.Equal(("5", "2", "4"), (Count("country = 'Germany' and country_id = 'DE'"), Count("country is null and country_id = '7'"), Count("country_id is null")));
        LakeUnderTest.AssertPasses(_lake.Reader().CheckDeep(2));
    }

    [ForeignTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Columns_of_parquet_are_numbers_of_64_bits_ingested_or_put_into_bronze(bool isBronze)
    {
        Use(Numbers);
        await TakeAsync(
            isBronze,
            "select 'm' || i as message_id, timestamp '2024-12-16 10:01:00' as timestamp, 'SENT' as event_type, 'SMS' as channel, case i when 0 then 9223372036854775807 when 1 then -9223372036854775808 end::bigint as user_id from range(3) t(i)",
            "select 'n' || i as message_id, timestamp '2024-12-16 10:01:00' as timestamp, 'SENT' as event_type, 'SMS' as channel, case i when 0 then '9223372036854775807' else '7' end as user_id from range(2) t(i)",
            "select 'o' as message_id, timestamp '2024-12-16 10:01:00' as timestamp, 'SENT' as event_type, 'SMS' as channel, 7::integer as user_id");
        Assert.Equal(
            "{\"user_id\":7,\"iterations\":2,\"SMS\":2}\n{\"user_id\":\"9223372036854775807\",\"iterations\":2,\"SMS\":2}\n{\"user_id\":null,\"iterations\":1,\"SMS\":1}\n{\"user_id\":\"-9223372036854775808\",\"iterations\":1,\"SMS\":1}\n",
            Report2());
        Assert.Equal("2", Count("user_id = 9223372036854775807"));
        LakeUnderTest.AssertPasses(_lake.Reader().CheckDeep(2));
    }

    [ForeignFact]
    public async Task Mapped_parquet_has_ids_from_structs_and_constants_of_the_lake_s_types()
    {
        Use(Texts);
        string file = _lake.Scratch["mapped.parquet"];
        DuckDb.Query($"copy (select {{'id': 'm' || i, 'user': {{'name': case when i > 0 then 'u' || i end, 'number': 3000000000 + i}}}} as p from range(3) t(i)) to {DuckDb.Text(file)}");
        const string Fields = """{"fields":{"timestamp":{"format":"receipt"},"message_id":"p.id","event_type":{"constant":"SENT"},"channel":{"constant":"SMS"},"user_id":["p.user.name","p.user.number"],"country_id":{"constant":"DE"}}}""";
        await IngestAsync(file, Fields);
        Assert.Equal("{\"user_id\":\"3000000000\",\"iterations\":1,\"SMS\":1}\n{\"user_id\":\"u1\",\"iterations\":1,\"SMS\":1}\n{\"user_id\":\"u2\",\"iterations\":1,\"SMS\":1}\n", Report2());
        Assert.Equal("3", Count("country = 'Germany'"));
    }

    [Fact]
    public async Task Constants_and_maps_of_a_mapping_are_ids_of_the_lake_s_types()
    {
        Use(Texts);
        const string Fields = """{"fields":{"user_id":{"from":"who","map":{"1":"alice"},"otherwise":"keep","default":"nobody"},"country_id":{"from":"land","map":{"49":"DE"},"otherwise":"null","default":"KR"}}}""";
        await IngestAsync(_lake.Scratch.Write("some.ndjson", Record("a", "\"who\":\"1\",\"land\":49") + Record("b", "\"who\":\"bob\",\"land\":1") + Record("c", "\"x\":1")), Fields);
        Assert.Equal("{\"user_id\":\"alice\",\"iterations\":1,\"SMS\":1}\n{\"user_id\":\"bob\",\"iterations\":1,\"SMS\":1}\n{\"user_id\":\"nobody\",\"iterations\":1,\"SMS\":1}\n", Report2());
        Assert.Contains(
            "user_id is a whole number from -2147483648 to 2147483647, or text in a lake that is created with --user-id text",
            Assert.Throws<LakeException>(() => MappingSource.Parse(Encoding.UTF8.GetBytes(Fields), "fields.json")).Message, StringComparison.Ordinal);
        Assert.Contains("country_id is a whole number", Assert.Throws<LakeException>(() => MappingSource.Parse(Encoding.UTF8.GetBytes(Fields), "fields.json", new IdTypes(IdType.Text, IdType.Number32))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_rejected_for_something_else_is_sent_again_with_its_ids()
    {
        Use(Texts);
        await using Lake open = await _lake.OpenAsync();
        string bad = Record("", "\"user_id\":\"grüße\",\"country_id\":\"DE\"");
        IngestSummary summary = await LakeUnderTest.IngestTextAsync(open, bad + Record("tall", $"\"user_id\":\"{new string('x', 1025)}\""));
        Assert.Equal((0L, 2L), (summary.Accepted, summary.Rejected));
        QuarantineEntry[] entries = [.. _lake.Reader().Quarantine()];
        Assert.Equal([RejectionReason.MissingMessageId, RejectionReason.TooLong], entries.Select(static entry => entry.Rejection.Reason));
        var fixes = new Dictionary<QuarantineId, byte[]> { [entries[0].Id] = Encoding.UTF8.GetBytes(Record("mended", "\"user_id\":\"grüße\",\"country_id\":\"DE\"").TrimEnd()) };
        Assert.Equal(1, (await open.ReplayQuarantineAsync(new QuarantineReplayOptions { Fixes = fixes })).Accepted);
        await open.RunAsync(LakeUnderTest.CaughtUp);
        Assert.Equal("{\"user_id\":\"grüße\",\"iterations\":1,\"SMS\":1}\n", Report2());
        LakeUnderTest.AssertPasses(_lake.Reader().CheckDeep(2));
    }

    public void Dispose() => _lake.Dispose();

    private static string Record(string id, string more) => $$"""{"timestamp":"2024-12-16T10:01:00Z","event_type":"SENT","channel":"SMS","message_id":"{{id}}",{{more}}}""" + "\n";

    private void Use(IdTypes ids) => _lake.Options = _lake.Options with
    {
        UserId = ids.User,
        CountryId = ids.Country,
        Countries = ids.Country == IdType.Text ? CountryTable.FromCsv("country,country_id\nGermany,DE\n\"Korea, South\",KR\n"u8, IdType.Text) : null,
    };

    private async Task TakeAsync(bool isBronze, params string[] selects)
    {
        await _lake.CatchUpAsync();
        for (int i = 0; i < selects.Length; i++)
        {
            string file = isBronze ? Path.Combine(_lake["bronze/messages/data"], $"other-{i}.parquet") : _lake.Scratch[$"{i}.parquet"];
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            DuckDb.Query($"copy ({selects[i]}) to {DuckDb.Text(file)}");
            if (!isBronze)
            {
                await IngestAsync(file, null);
            }
        }

        Assert.Empty((await _lake.CatchUpAsync()).UnreadableFiles);
    }

    private async Task IngestAsync(string file, string? mapping)
    {
        await using Lake open = await _lake.OpenAsync();
        IngestSummary summary = await open.IngestAsync(
            new IngestFile(file),
            LakeUnderTest.Plain with { Mapping = mapping is null ? null : MappingSource.Parse(Encoding.UTF8.GetBytes(mapping), "mapping", open.Reports.Ids) });
        Assert.Empty(summary.FirstRejections.Values.Select(static rejection => rejection.Detail));
        Assert.Empty(summary.UnreadableFiles);
        await open.RunAsync(LakeUnderTest.CaughtUp);
    }

    private string Report2() => LakeUnderTest.Ndjson(_lake.Reader().Report("report2"));

    private string Count(string where) => DuckDb.Query($"select count(*)::varchar from read_parquet({DuckDb.Text(_lake["silver/messages/data/**/*.parquet"])}) where {where}").Rows[0][0].GetString()!;
}
