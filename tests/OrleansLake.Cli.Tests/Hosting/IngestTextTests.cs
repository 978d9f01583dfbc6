using OrleansLake.Cli.Results;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Tests.Hosting;

public class IngestTextTests
{
    [Fact]
    public void Rejections_are_summed_up_by_reason_with_an_example_and_a_place()
    {
        string text = Print(new IngestSummary
        {
            Accepted = 2_000,
            Rejected = 3,
            Elapsed = TimeSpan.FromSeconds(2),
            RejectedByReason = new Dictionary<RejectionReason, long> { [RejectionReason.NotReadable] = 1, [RejectionReason.WrongType] = 2 },
            FirstRejections = new Dictionary<RejectionReason, Rejection>
            {
                [RejectionReason.WrongType] = new(RejectionReason.WrongType, "user_id is \e text", 7, 100, []),
            },
        });
        Assert.Equal(
            """
            in.ndjson: 2,000 messages accepted in 2.0 s (1,000/s).
            3 records rejected; kept in lake/quarantine (lake quarantine list shows all):
                     2  wrong_type  such as record 7: user_id is \u001b text
                     1  not_readable

            """.ReplaceLineEndings("\n"),
            text);
    }

    [Fact]
    public void A_skipped_file_is_said_to_be() =>
        Assert.Equal("Skipped: in.ndjson was ingested before; --again ingests it once more.\n", Print(new IngestSummary { Skipped = true }));

    [Fact]
    public void What_is_in_the_way_is_said_of_a_skipped_one_too() =>
        Assert.Equal(
            "Skipped: in.ndjson was ingested before; --again ingests it once more.\n  note: x\n  unreadable: b.parquet: it is a link that leads nowhere.\n",
            Print(new IngestSummary { Skipped = true, Notes = ["x"], UnreadableFiles = ["b.parquet: it is a link that leads nowhere."] }));

    [Fact]
    public void A_resumed_file_is_said_to_be() =>
        Assert.EndsWith(
            ", resumed behind record 1,190, up to which it was stored before.\n",
            Print(new IngestSummary { Accepted = 1, ResumedFrom = 1190, Elapsed = TimeSpan.FromSeconds(1) }), StringComparison.Ordinal);

    private static string Print(IngestSummary summary)
    {
        using StringWriter writer = new() { NewLine = "\n" };
        IngestText.Write(writer, "in.ndjson", "lake", summary);
        return writer.ToString();
    }
}
