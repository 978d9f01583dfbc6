using System.Text;
using OrleansLake.Core.Columns;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Engine;
using OrleansLake.Storage;
using OrleansLake.TestSupport;
using Foreign = global::Parquet;

namespace OrleansLake.Grains.Tests;

/// <summary>A cluster's files by another library of .NET's, which knows nothing of ours: Parquet.Net.</summary>
public class ParquetNetTests
{
    private const long MicrosecondsPerDay = 86_400_000_000;

    [Theory]
    [InlineData(DeduplicationKind.MessageGrains)]
    [InlineData(DeduplicationKind.KeyRanges)]
    public async Task Bronze_gives_Sparks_reports_silver_is_what_is_not_corrupted_of_it_and_gold_has_its_sums(DeduplicationKind deduplication)
    {
        await using LakeCluster lake = await LakeCluster.StartAsync(2, 4, options => options.Deduplication = deduplication);
        foreach (byte[] lines in GoldenEvents.Pieces(5_000))
        {
            await lake.Gateway.SendAsync(new SendRequest { Ndjson = lines });
            await lake.Gateway.CommitAsync();
        }

        // A message is in one partition, and a partition's files are in the order of its offsets by name.
        List<Message> bronze = await ReadAsync(lake.Folder, "bronze/messages/data");
        Assert.Equal(12_000, bronze.Count);
        Assert.Equal(GoldenEvents.Report1, Oracle.Report1(bronze));
        Assert.Equal(GoldenEvents.Report2, Oracle.Report2(bronze));

        IEnumerable<string> clean = bronze.Where(message => !Oracle.IsCorrupted(message)).Select(Line);
        Assert.Equal(clean.Order(StringComparer.Ordinal), (await ReadAsync(lake.Folder, "silver/messages/data")).Select(Line).Order(StringComparer.Ordinal));

        await using Foreign.ParquetReader gold = await Foreign.ParquetReader.CreateAsync(Path.Combine(lake.Folder, LakePaths.GoldFile(LakeReports.Report1.Name)));
        using Foreign.ParquetRowGroupReader rows = gold.OpenRowGroupReader(0);
        long[] totals = new long[rows.RowCount];
        await rows.ReadAsync<long>(gold.Schema.GetDataFields().Single(field => field.Name == "total"), totals.AsMemory());
        Assert.Equal(Oracle.FirstOccurrences(bronze).Count, totals.Sum());
    }

    [Fact]
    public async Task Files_with_and_without_what_a_lake_keeps_and_adds_are_read_by_the_names_that_each_has()
    {
        using var folder = new ScratchFolder();
        var options = new LakeOptions { Path = folder["lake"], Create = true };
        await SendAsync("a");
        await LakeColumns.KeepAsync(options, KeptFields.Attributes | KeptFields.Source);
        await SendAsync("b");
        Assert.True(AddedColumn.TryCreate("n", "int64", "attributes.n", out AddedColumn? column, out _));
        await LakeColumns.AddAsync(options, column);
        await SendAsync("c");
        foreach (string layer in (string[])["bronze", "silver"])
        {
            var rows = new List<string>();
            foreach (string path in Directory.EnumerateFiles(folder[$"lake/{layer}"], "*.parquet", SearchOption.AllDirectories))
            {
                await using Foreign.ParquetReader reader = await Foreign.ParquetReader.CreateAsync(path);
                HashSet<string> names = [.. reader.Schema.GetDataFields().Select(static field => field.Name)];
                string? id = (await TextsAsync(reader, "message_id"))[0];
                string? attributes = names.Contains("attributes") ? (await TextsAsync(reader, "attributes"))[0] : "none";
                long? offset = names.Contains("source_offset") ? (await NumbersAsync<long>(reader, "source_offset"))[0] : -1;
                long? n = names.Contains("n") ? (await NumbersAsync<long>(reader, "n"))[0] : -1;
                rows.Add($"{id} {attributes} {offset} {n}");
            }

            Assert.Equal(["a none -1 -1", "b {\"n\":5.0} 1 -1", "c {\"n\":5.0} 1 5"], rows.Order(StringComparer.Ordinal));
        }

        async Task SendAsync(string id)
        {
            await using Lake lake = await Lake.OpenAsync(options);
            await lake.SendAsync(Encoding.UTF8.GetBytes($$"""{"timestamp":"2024-12-16T10:00:00Z","message_id":"{{id}}","event_type":"SENT","n":5.0}"""), new SendOptions { Source = "test" });
            await lake.CommitAsync();
        }
    }

    private static string Line(Message message) => $"{message.Timestamp} {message.EventType} {message.MessageId} {message.Channel} {message.UserId} {message.CountryId}";

    private static async Task<List<Message>> ReadAsync(string lake, string folder)
    {
        var messages = new List<Message>();
        foreach (string path in Directory.EnumerateFiles(Path.Combine(lake, folder), "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            await using Foreign.ParquetReader reader = await Foreign.ParquetReader.CreateAsync(path);
            long?[] timestamps = await NumbersAsync<long>(reader, "timestamp");
            string?[] eventTypes = await TextsAsync(reader, "event_type");
            string?[] ids = await TextsAsync(reader, "message_id");
            string?[] channels = await TextsAsync(reader, "channel");
            int?[] countries = await NumbersAsync<int>(reader, "country_id");
            int?[] users = await NumbersAsync<int>(reader, "user_id");
            messages.AddRange(timestamps.Select((time, row) => new Message(
                time, eventTypes[row], ids[row], channels[row], countries[row], users[row],
                time is { } at ? (int)Math.Floor((double)at / MicrosecondsPerDay) : int.MinValue)));
        }

        return messages;
    }

    // Under a field of our own: the library cannot turn delta-encoded integers into its DateTime, which it takes a timestamp for.
    private static async Task<T?[]> NumbersAsync<T>(Foreign.ParquetReader reader, string column)
        where T : struct
    {
        Foreign.Schema.DataField field = new Foreign.Schema.ParquetSchema(new Foreign.Schema.DataField<T?>(column)).GetDataFields()[0];
        var values = new List<T?>();
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            using Foreign.ParquetRowGroupReader rows = reader.OpenRowGroupReader(group);
            var read = new T?[rows.RowCount];
            await rows.ReadAsync<T>(field, read.AsMemory());
            values.AddRange(read);
        }

        return [.. values];
    }

    private static async Task<string?[]> TextsAsync(Foreign.ParquetReader reader, string column)
    {
        Foreign.Schema.DataField field = reader.Schema.GetDataFields().Single(known => known.Name == column);
        var values = new List<string?>();
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            using Foreign.ParquetRowGroupReader rows = reader.OpenRowGroupReader(group);
            var read = new string?[rows.RowCount];
            await rows.ReadAsync(field, read.AsMemory()!);
            values.AddRange(read);
        }

        return [.. values];
    }
}
