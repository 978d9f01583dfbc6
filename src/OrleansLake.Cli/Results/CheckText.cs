using System.Text.Json;
using OrleansLake.Cli.Output;
using OrleansLake.Core.State;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Results;

/// <summary>A check's findings as text.</summary>
internal static class CheckText
{
    // Beyond this a cell is a sentence, which would make a table of figures too wide to read.
    private const int CellMax = 40;

    /// <summary>Writes a table, and below it in full what is too long for its cells.</summary>
    public static void Write(CheckResult result, Action<TextTable> draw, TextWriter writer)
    {
        draw(Table(result));
        foreach (CheckFinding finding in result.Findings.Where(IsSentence))
        {
            writer.WriteLine(DisplayWidth.Printable($"{finding.Name}: {finding.Found}"));
        }

        writer.Flush();
    }

    // Sentences of one kind are one row.
    private static TextTable Table(CheckResult result) => new(
        [new("check"), new("expected", true), new("found", true), new("")],
        [
            .. result.Findings.Where(finding => !IsSentence(finding)).Select(finding => Row(finding, finding.Found)),
            .. result.Findings.Where(IsSentence).GroupBy(finding => (finding.Name, finding.Expected, finding.IsRight, finding.IsDamage, finding.IsBehind))
                .Select(same => Row(same.First(), same.Count() == 1 ? "see below" : $"{Figures.Count(same.Count())}, see below")),
        ]);

    private static string[] Row(CheckFinding finding, string found) =>
        [finding.Name, finding.Expected, found, finding.IsRight ? "ok" : finding.IsDamage ? "DAMAGED" : finding.IsBehind ? "BEHIND" : "DIFFERS"];

    private static bool IsSentence(CheckFinding finding) => DisplayWidth.Of(finding.Found) > CellMax;

    /// <summary>Writes one object: the verdict, the ledger in all and by date, and each check.</summary>
    public static void WriteJson(Ledger ledger, CheckResult result, Stream destination) => JsonLines.Write(destination, writer =>
    {
        writer.WriteBoolean("ok", result.Passed || result.IsOnlyBehind);
        writer.WriteStartObject("ledger");
        WriteCounts(writer, ledger.Total);
        writer.WriteEndObject();
        writer.WriteStartArray("by_date");
        foreach ((int day, LedgerCounts counts) in ledger.ByDate.OrderBy(d => d.Key))
        {
            writer.WriteStartObject();
            writer.WriteString("date", LakeDates.Text(day));
            WriteCounts(writer, counts);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("checks");
        foreach (CheckFinding finding in result.Findings)
        {
            writer.WriteStartObject();
            writer.WriteString("check", finding.Name);
            writer.WriteString("expected", finding.Expected);
            writer.WriteString("found", finding.Found);
            writer.WriteBoolean("ok", finding.IsRight);
            writer.WriteBoolean("damage", finding is { IsRight: false, IsDamage: true });
            writer.WriteBoolean("behind", finding is { IsRight: false, IsBehind: true });
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private static void WriteCounts(Utf8JsonWriter writer, LedgerCounts counts)
    {
        writer.WriteNumber("bronze", counts.Bronze);
        writer.WriteNumber("messages", counts.Messages);
        writer.WriteNumber("messages_corrupted", counts.MessagesCorrupted);
        writer.WriteNumber("deduplicated", counts.Deduplicated);
        writer.WriteNumber("rejected", counts.Rejected);
    }
}
