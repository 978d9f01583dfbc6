using OrleansLake.Cli.Results;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Tests.Hosting;

public class ExternalFileTextTests
{
    [Theory]
    [InlineData(0, ExternalFileState.Gone, false, "Accepted: b/a is gone; it had no rows.")]
    [InlineData(1, ExternalFileState.Gone, false, "Accepted: b/a is gone; its row stays in silver as it is.")]
    [InlineData(1200, ExternalFileState.Unreadable, false, "Accepted: b/a cannot be read; its 1,200 rows stay in silver as they are.")]
    [InlineData(1, ExternalFileState.Renamed, false, "Accepted: b/a was renamed to b/z; its row stays in silver as it is, and counts once.")]
    [InlineData(2, ExternalFileState.Changed, true, "Accepted: b/a holds something else; its 2 rows stay in silver as they are. `lake run` looks at what it holds now as a new file.")]
    [InlineData(2, ExternalFileState.Changed, false, "Accepted: b/a holds something else; its 2 rows stay in silver as they are. What it holds now was ingested before under this name or another, and adds nothing.")]
    public void What_was_accepted_is_told_with_what_becomes_of_its_rows(long rows, ExternalFileState state, bool isNew, string sentence) => Assert.Equal(
        sentence,
        ExternalFileText.Sentence(new AcceptedFile("b/a", AcceptOutcome.Accepted, new ExternalFile("b/a", state) { Rows = rows, RenamedTo = "b/z" }) { IsNewFile = isNew }));

    [Theory]
    [InlineData(ExternalFileState.Gone, 1, "b/a is gone since it was ingested; its row is in silver and stays. Put it back as it was, or run `lake bronze accept b/a`.")]
    [InlineData(ExternalFileState.Renamed, 1, "b/a was renamed to b/z since it was ingested; its row is in silver and counts once. Rename it back, or run `lake bronze accept b/a`.")]
    [InlineData(ExternalFileState.Renamed, 1200, "b/a was renamed to b/z since it was ingested; its 1,200 rows are in silver and count once. Rename it back, or run `lake bronze accept b/a`.")]
    [InlineData(ExternalFileState.Unreadable, 0, "b/a cannot be read any more (it is away); it had no rows. Make it readable, or run `lake bronze accept b/a`.")]
    [InlineData(ExternalFileState.Refused, 0, "b/a was not ingested: it is away. Replace it by one that can be read, or remove it.")]
    public void What_is_found_says_what_to_do(ExternalFileState state, long rows, string sentence) =>
        Assert.Equal(sentence, new ExternalFile("b/a", state) { Rows = rows, RenamedTo = "b/z", Reason = "b/a: it is away." }.Describe());

    [Theory]
    [InlineData(0, 0, "1 file.")]
    [InlineData(1, 0, "2 files, of which 1 is not what was ingested: `lake bronze accept FILE` settles that.")]
    [InlineData(0, 2, "3 files, of which 2 cannot be read and are not ingested.")]
    [InlineData(2, 1, "4 files, of which 2 are not what was ingested: `lake bronze accept FILE` settles that; 1 cannot be read and is not ingested.")]
    public void Summary_counts_what_is_to_be_done(int gone, int unread, string summary) => Assert.Equal(summary, ExternalFileText.Summary([
        new ExternalFile("b/a", ExternalFileState.Taken),
        .. Enumerable.Repeat(new ExternalFile("b/b", ExternalFileState.Gone), gone),
        .. Enumerable.Repeat(new ExternalFile("b/c", ExternalFileState.Unreadable) { IsUnknown = true }, unread)]));

    [Fact]
    public void Table_of_a_check_stays_narrow_and_sentences_stand_below_it()
    {
        string sentence = new('x', 150);
        CheckResult result = new([
            new CheckFinding("bronze", "5", "5", true), new CheckFinding("external file", "as it was ingested", sentence + "1", false),
            new CheckFinding("rejected", "0", "1", false), new CheckFinding("external file", "as it was ingested", sentence + "2", false)]);
        using var text = new StringWriter { NewLine = "\n" };
        CheckText.Write(result, table => table.WritePlain(text), text);
        string[] lines = text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines[..5], line => Assert.InRange(line.Length, 1, 80));
        Assert.EndsWith("2, see below  DIFFERS", lines[4], StringComparison.Ordinal);
        Assert.Equal([$"external file: {sentence}1", $"external file: {sentence}2"], lines[5..]);
    }
}
