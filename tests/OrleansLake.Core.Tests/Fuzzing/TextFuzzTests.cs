using System.Text;
using System.Text.Unicode;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Tests.Parsing;
using OrleansLake.Core.Time;
using OrleansLake.TestSupport;
using Xunit.Abstractions;

namespace OrleansLake.Core.Tests.Fuzzing;

/// <summary>
/// Damaged NDJSON and CSV: every record is a message or a rejection with its bytes, nothing is thrown, memory follows the
/// input. NDJSON is held against the platform's reader. <c>ORLEANSLAKE_FUZZ_INPUTS=1000000 dotnet test
/// tests/OrleansLake.Core.Tests --filter Fuzz</c> runs as many as it says.
/// </summary>
public class TextFuzzTests(ITestOutputHelper output)
{
    private const int InputsByDefault = 20_000;

    // A rejection holds its bytes, and a detail of some hundred characters; the platform's reader throws to refuse.
    private const long BytesPerRecord = 16 << 10;
    private const long BytesPerByte = 128;
    private const long BytesFloor = 128 << 10;

    // A column of a header has a name and a place, and, where messages' columns are missing, is compared with their names.
    private const long BytesPerColumn = 1 << 10;

    [Fact]
    public void Damaged_ndjson_is_read_as_the_platforms_reader_reads_it()
    {
        byte[] block = [];
        output.WriteLine(FuzzRun.Run(
            InputsByDefault,
            seed =>
            {
                var random = new Random(seed);
                var messages = new RandomMessages(random);
                block = TextMutator.Mutate(Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, random.Next(1, 4)).Select(_ => messages.Json(messages.Next())))), random);
                (List<Row> rows, List<Rejection> rejections) = Expected(block);
                var parser = new NdjsonParser(LakeTimeZone.Utc) { TakesShortcuts = seed % 8 != 0 };
                return () =>
                {
                    var batch = new MessageBatch();
                    var found = new List<Rejection>();
                    parser.Parse(block, 1, 1, batch, found);
                    Compare(rows, rejections, batch, found);
                };
            },
            _ => BytesMax(block)));
    }

    [Fact]
    public void Damaged_csv_gives_every_record_or_its_bytes()
    {
        byte[] block = [];
        output.WriteLine(FuzzRun.Run(
            InputsByDefault,
            seed =>
            {
                var random = new Random(seed);
                block = TextMutator.Mutate(Encoding.UTF8.GetBytes(Csv(random)), random);
                return () =>
                {
                    if (!CsvParser.TryOpen(block, LakeTimeZone.Utc, out CsvParser? parser, out string? error))
                    {
                        Assert.NotEmpty(error);
                        return;
                    }

                    var batch = new MessageBatch();
                    var rejections = new List<Rejection>();
                    ParseResult result = parser.Parse(block.AsSpan(parser.HeaderBytes), 2, parser.HeaderBytes, batch, rejections);
                    Assert.Equal((batch.Count, rejections.Count), (result.Accepted, result.Rejected));
                    Assert.True(result.Accepted + result.Rejected <= result.Records);
                    foreach (Rejection rejection in rejections)
                    {
                        Assert.True(block.AsSpan((int)rejection.Position).StartsWith(rejection.Raw));
                        Assert.NotEmpty(rejection.Detail);
                    }

                    foreach (Row row in Row.Of(batch))
                    {
                        Assert.False(string.IsNullOrEmpty(row.MessageId));
                    }
                };
            },
            _ => BytesMax(block) + (BytesPerColumn * block.AsSpan().Count((byte)','))));
    }

    private static long BytesMax(byte[] block) => BytesFloor + (BytesPerRecord * (block.AsSpan().Count((byte)'\n') + block.AsSpan().Count((byte)'\r') + 1)) + (BytesPerByte * block.Length);

    private static (List<Row> Rows, List<Rejection> Rejections) Expected(byte[] block)
    {
        var rows = new List<Row>();
        var rejections = new List<Rejection>();
        int record = 0;
        int position = 0;
        foreach (Range range in block.AsSpan().Split((byte)'\n'))
        {
            record++;
            ReadOnlyMemory<byte> line = block.AsMemory(range);
            position = range.Start.Value;
            if (line.Span.EndsWith("\r"u8))
            {
                line = line[..^1];
            }

            // Commas alone are what is left of an array written over several lines.
            if (line.Span.Trim(" \t\r,"u8).IsEmpty)
            {
                continue;
            }

            // Several objects on a line are as many records; that they are cut rightly is for other tests.
            List<Range> objects = MessageOracle.IsJson(line) || !Utf8.IsValid(line.Span) ? [Range.All] : JsonObjects.CutLine(line.Span) ?? [Range.All];
            foreach (Range one in objects)
            {
                if (MessageOracle.Read(line[one]) is { } row)
                {
                    rows.Add(row);
                }
                else
                {
                    rejections.Add(new Rejection(
                        RejectionReason.NotReadable, "", record, position + 1 + one.GetOffsetAndLength(line.Length).Offset, line[one].ToArray()));
                }
            }
        }

        return (rows, rejections);
    }

    private static void Compare(List<Row> rows, List<Rejection> rejections, MessageBatch batch, List<Rejection> found)
    {
        Assert.Equal(rejections.Count, found.Count);
        for (int i = 0; i < found.Count; i++)
        {
            if (found[i].Record != rejections[i].Record || found[i].Position != rejections[i].Position || !found[i].Raw.AsSpan().SequenceEqual(rejections[i].Raw))
            {
                Assert.Fail($"record {found[i].Record} is rejected ({found[i].Detail}), and record {rejections[i].Record} should be");
            }
        }

        if (batch.Count != rows.Count)
        {
            Assert.Fail($"{batch.Count} rows are read, and {rows.Count} should be");
        }

        List<Row> read = Row.Of(batch);
        for (int i = 0; i < rows.Count; i++)
        {
            if (read[i] != rows[i])
            {
                Assert.Equal(rows[i], read[i]);
            }
        }
    }

    private static string Csv(Random random)
    {
        var messages = new RandomMessages(random);
        var csv = new StringBuilder(random.Next(3) == 0 ? "message_id,timestamp,user_id,other,value\n" : "timestamp,value,event_type,message_id,channel,country_id,user_id\r\n");
        for (int rows = random.Next(1, 4); rows > 0; rows--)
        {
            Row row = messages.Next();
            csv.AppendJoin(',', ((string?[])[Row.Time(row.Timestamp!.Value), row.Value, row.EventType, row.MessageId, row.Channel, row.CountryId?.ToString(System.Globalization.CultureInfo.InvariantCulture), "7"])
                .Select(field => field?.AsSpan().IndexOfAny("\",\r\n") >= 0 ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field)).Append('\n');
        }

        return csv.ToString();
    }
}
