using System.Text;
using OrleansLake.Core.Mapping;
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
    public async Task Every_record_is_a_message_or_in_quarantine_as_the_trial_says(string name)
    {
        (long accepted, long rejected) = (0, 0);
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            string json = RandomMapping.Json(random);
            Assert.True(MessageMapping.TryParse(Encoding.UTF8.GetBytes(json), out MessageMapping? mapping, out string? error), error);
            byte[] text = RandomMapping.Records(random, name);
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
                Assert.True(summary is { Accepted: 0, Rejected: 0, UnreadableFiles.Count: 1 }, json);
                continue;
            }

            Assert.True((summary.Accepted, summary.Rejected) == (tried.Sum(static one => one.Messages.Count), tried.Sum(static one => one.Rejections.Count)), $"seed {seed}: {json}");
            Assert.Empty(summary.UnreadableFiles);
            (accepted, rejected) = (accepted + summary.Accepted, rejected + summary.Rejected);
            IEnumerable<string> details = lake.Reader().Quarantine().Select(static entry => entry.Rejection.Detail);
            Assert.Equal(tried.SelectMany(static one => one.Rejections).Select(static one => one.Detail), details);
        }

        Assert.True(accepted > 20 && rejected > 20, $"{accepted} accepted, {rejected} rejected");
    }

    [Theory]
    [InlineData("one.ndjson")]
    [InlineData("one.json")]
    [InlineData("one.csv")]
    public async Task A_proposal_is_made_of_any_bytes_or_refused_and_takes_what_it_says(string name)
    {
        int made = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            byte[] text = RandomMapping.Records(random, name);
            for (int i = random.Next(3) == 0 ? text.Length / 20 : 0; i > 0; i--)
            {
                text[random.Next(text.Length)] = (byte)random.Next(256);
            }

            MappingProposal proposal;
            try
            {
                proposal = MappingProposal.Read(new MemoryStream(text), name, LakeTimeZone.Utc, null, 1000);
            }
            catch (InvalidDataException)
            {
                continue;
            }

            Assert.True(MessageMapping.TryParse(Encoding.UTF8.GetBytes(proposal.Text), out MessageMapping? mapping, out string? error), error);
            using var lake = new LakeUnderTest();
            await using Lake open = await lake.OpenAsync();
            IngestSummary summary = await open.IngestAsync(new IngestFile(lake.Scratch.Write(name, text)), new IngestOptions { Mapping = mapping });
            Assert.True(proposal.Refusal is null || summary.UnreadableFiles.Count == 1, $"seed {seed}: {proposal.Refusal} {string.Join(' ', summary.UnreadableFiles)}");

            // Of what is not a record the proposal counts as many as it needs.
            Assert.True(proposal.Taken <= summary.Accepted, $"seed {seed}: {proposal.Taken}, {summary.Accepted}");
            made++;
        }

        Assert.True(made > 20, $"{made} made");
    }
}
