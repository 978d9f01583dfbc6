using System.Text;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Parquet;
using OrleansLake.Storage;
using OrleansLake.Testing;

namespace OrleansLake.Engine.Tests.Formats;

/// <summary>
/// The bytes of gold and quarantine. Made anew by <c>ORLEANSLAKE_WRITE_GOLDEN=1 dotnet test tests/OrleansLake.Engine.Tests</c>,
/// which is right with a new version of the program, whose name is in the bytes, and with a change in how Parquet is
/// written. What they mean changes only with a new version of the format, while files of the old one are still read.
/// </summary>
public sealed class GoldenBytesTests
{
    private static readonly string Folder = Path.Combine(Fixtures.Root, "tests", "OrleansLake.Engine.Tests", "Formats", "Golden");

    [Theory]
    [InlineData("gold/report1", "report1-v1.hex")]
    [InlineData("gold/report2", "report2-v1.hex")]
    [InlineData("gold/ledger", "ledger-v1.hex")]
    [InlineData(LakePaths.Quarantine, "quarantine-v1.hex")]
    public async Task Files_have_these_bytes(string start, string golden)
    {
        using LakeUnderTest lake = await FormatLake.MakeAsync();
        string actual = string.Concat((await File.ReadAllBytesAsync(FormatLake.Find(lake, start))).Chunk(32).Select(line => Convert.ToHexStringLower(line) + "\n"));
        string path = Path.Combine(Folder, golden);
        if (Environment.GetEnvironmentVariable("ORLEANSLAKE_WRITE_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(path, actual);
        }

        Assert.Equal(await File.ReadAllTextAsync(path), actual);
    }

    [Theory]
    [InlineData("report1-v1.hex", "report1", FormatLake.Report1)]
    [InlineData("report2-v1.hex", "report2", FormatLake.Report2)]
    public void Report_of_version_1_is_read(string golden, string name, string expected)
    {
        using ParquetReader reader = ParquetReader.Open(Bytes(golden), golden);
        Assert.Equal(expected, LakeUnderTest.Ndjson(GoldFiles.Read(reader, LakeReports.All.Single(report => report.Name == name))));
        Assert.Equal(4, GoldFiles.Number(reader, GoldFiles.PositionKey));
        Assert.Equal("1", reader.Facts.KeyValueMetadata[FileFormat.VersionKey]);
    }

    [Fact]
    public void Ledger_of_version_1_is_read()
    {
        using ParquetReader reader = ParquetReader.Open(Bytes("ledger-v1.hex"), "ledger");
        Assert.Equal(LedgerTable.ColumnNames, reader.Schema.Fields.Select(field => field.Name));
        var counts = new Int64Buffer();
        long[] First(string column)
        {
            reader.Read(0, column, counts);
            return counts.Values.ToArray();
        }

        Assert.Equal([4, 4], First("bronze"));
        Assert.Equal([3, 3], First("messages"));
        Assert.Equal([1, 1], First("messages_corrupted"));
        Assert.Equal([2, 2], First("deduplicated"));
        Assert.Equal(4, GoldFiles.Number(reader, GoldFiles.PositionKey));
    }

    [Fact]
    public async Task Quarantine_of_version_1_is_read()
    {
        using LakeUnderTest lake = await FormatLake.MakeAsync();
        await File.WriteAllBytesAsync(FormatLake.Find(lake, LakePaths.Quarantine), Bytes("quarantine-v1.hex"));
        QuarantineEntry entry = Assert.Single(lake.Reader().Quarantine());
        Assert.Equal("no message", Encoding.UTF8.GetString(entry.Rejection.Raw));
        Assert.Equal((RejectionReason.NotReadable, 5L), (entry.Rejection.Reason, entry.Rejection.Record));
        Assert.Equal(new QuarantineId(0, 0), entry.Id);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), entry.RejectedAt);
    }

    private static byte[] Bytes(string golden) => Convert.FromHexString(File.ReadAllText(Path.Combine(Folder, golden)).ReplaceLineEndings(""));
}
