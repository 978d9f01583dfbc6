using OrleansLake.Core.State;
using OrleansLake.Engine.Gold;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Tests;

public class LedgerFileTests
{
    [Fact]
    public async Task The_ledger_in_gold_follows_every_commit_and_replay()
    {
        using var lake = new LakeUnderTest();
        await using (Lake open = await lake.OpenAsync())
        {
            SentMessage[] sent = SentStreams.Many(300, 5);
            await LakeUnderTest.IngestTextAsync(open, SentStreams.Ndjson(sent[..200]) + "no json\n");
            await open.CommitAsync();
            AssertLedger(lake);
            await LakeUnderTest.IngestTextAsync(open, SentStreams.Ndjson(sent[200..]));
            await open.CommitAsync();
            AssertLedger(lake);
            await open.ReplayAsync();
            AssertLedger(lake);
        }

        File.Delete(lake["gold/ledger/data/ledger.parquet"]);
        await lake.CatchUpAsync();
        AssertLedger(lake);
        await using (Lake open = await lake.OpenAsync())
        {
            await open.StartEmptyAsync();
            Assert.False(File.Exists(lake["gold/ledger/data/ledger.parquet"]));
        }
    }

    private static void AssertLedger(LakeUnderTest lake)
    {
        LakeReader reader = lake.Reader();
        LedgerRow[] rows = [.. reader.LedgerTable().Rows];
        using ParquetReader file = ParquetReader.Open(lake["gold/ledger/data/ledger.parquet"]);
        Assert.Equal(rows.Length, file.RowCount);
        Assert.Equal(LedgerTable.ColumnNames, file.Schema.Fields.Select(field => field.Name));
        Assert.Equal(rows.Select(row => (long?)row.Bronze), Numbers(file, "bronze"));
        Assert.Equal(rows.Select(row => (long?)row.Messages), Numbers(file, "messages"));
        Assert.Equal(rows.Select(row => (long?)row.MessagesCorrupted), Numbers(file, "messages_corrupted"));
        Assert.Equal(rows.Select(row => (long?)row.Deduplicated), Numbers(file, "deduplicated"));
        Assert.Equal(rows.Select(row => row.Rejected), Numbers(file, "rejected"));
        Assert.Equal(rows.Select(row => row.Replayed), Numbers(file, "mended"));
        Assert.All(Numbers(file, "position"), position => Assert.Equal(reader.Ledger.Total.Bronze, position));
        var days = new Int32Buffer();
        file.Read(0, "date", days);
        Assert.Equal(rows.Select(row => row.Day), Enumerable.Range(0, days.Count).Select(row => days.IsNull(row) ? (int?)null : days.Values[row]));
        Assert.Equal(rows[0].Bronze, rows[1..].Sum(row => row.Bronze));
        Assert.Equal(reader.Ledger.Total, new LedgerCounts(rows[0].Bronze, rows[0].Messages, rows[0].MessagesCorrupted, rows[0].Rejected!.Value, rows[0].Deduplicated));
        LakeUnderTest.AssertPasses(reader.Check());
    }

    private static IEnumerable<long?> Numbers(ParquetReader file, string column)
    {
        var numbers = new Int64Buffer();
        file.Read(0, column, numbers);
        return [.. Enumerable.Range(0, numbers.Count).Select(row => numbers.IsNull(row) ? (long?)null : numbers.Values[row])];
    }
}
