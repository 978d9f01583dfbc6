using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Ingest;
using OrleansLake.TestSupport;

namespace OrleansLake.Engine.Tests;

/// <summary>Random mappings and random records: none is lost, and a trial says what ingesting does.</summary>
public sealed class MappingProperties
{
    [Theory]
    [InlineData("one.ndjson")]
    [InlineData("one.json")]
    [InlineData("one.csv")]
    public void Every_record_is_a_message_or_in_quarantine_as_the_trial_says(string name)
    {
        (long accepted, long rejected) = (0, 0);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll(MappingCases.Any(), async one =>
        {
            Assert.True(MessageMapping.TryParse(Encoding.UTF8.GetBytes(one.Mapping), out MessageMapping? mapping, out string? error), error);
            byte[] text = one.Text(name);
            using var lake = new LakeUnderTest();
            IngestSummary summary;
            await using (Lake open = await lake.OpenAsync())
            {
                summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write(name, text)), new IngestOptions { Mapping = mapping });
            }

            TriedRecord[] tried;
            try
            {
                tried = [.. MappingTrial.Read(new MemoryStream(text), name, LakeTimeZone.Utc, new IngestOptions { Mapping = mapping })];
            }
            catch (InvalidDataException)
            {
                // A table that the mapping finds nothing in: refused by both.
                Assert.True(summary is { Accepted: 0, Rejected: 0, UnreadableFiles.Count: 1 });
                return;
            }

            Assert.Equal((tried.Sum(static one => one.Messages.Count), tried.Sum(static one => one.Rejections.Count)), (summary.Accepted, summary.Rejected));
            Assert.Empty(summary.UnreadableFiles);
            (accepted, rejected) = (accepted + summary.Accepted, rejected + summary.Rejected);
            IEnumerable<string> details = lake.Reader().Quarantine().Select(static entry => entry.Rejection.Detail);
            Assert.Equal(tried.SelectMany(static one => one.Rejections).Select(static one => one.Detail), details);
        }));
        Assert.True(accepted > 20 && rejected > 20, $"{accepted} accepted, {rejected} rejected");
    }

    [Theory]
    [InlineData("one.ndjson")]
    [InlineData("one.json")]
    [InlineData("one.csv")]
    public void A_proposal_is_made_of_any_bytes_or_refused_and_takes_what_it_says(string name)
    {
        int made = 0;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(MappingCases.Any(), Gen.Choose(0, int.MaxValue).ToArbitrary(), async (one, seed) =>
        {
            var random = new System.Random(seed);
            byte[] text = one.Text(name);
            for (int i = random.Next(3) == 0 ? text.Length / 20 : 0; i > 0; i--)
            {
                text[random.Next(text.Length)] = (byte)random.Next(256);
            }

            MappingProposal proposal;
            try
            {
                proposal = MappingProposal.Read(new MemoryStream(text), name, LakeTimeZone.Utc, IdType.Number32, IdType.Number32, null, 1000);
            }
            catch (InvalidDataException)
            {
                return;
            }

            Assert.True(MessageMapping.TryParse(Encoding.UTF8.GetBytes(proposal.Text), out MessageMapping? mapping, out string? error), error);
            using var lake = new LakeUnderTest();
            await using Lake open = await lake.OpenAsync();
            IngestSummary summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write(name, text)), new IngestOptions { Mapping = mapping });
            Assert.True(proposal.Refusal is null || summary.UnreadableFiles.Count == 1, $"{proposal.Refusal} {string.Join(' ', summary.UnreadableFiles)}");

            // Of what is not a record the proposal counts as many as it needs.
            Assert.True(proposal.Taken <= summary.Accepted, $"{proposal.Taken}, {summary.Accepted}");
            made++;
        }));
        Assert.True(made > 20, $"{made} made");
    }
}
