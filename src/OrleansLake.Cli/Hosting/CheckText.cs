using System.Text.Json;
using OrleansLake.Cli.Output;
using OrleansLake.Engine;
using OrleansLake.Storage;

namespace OrleansLake.Cli.Hosting;

/// <summary>What a check found, in words.</summary>
internal static class CheckText
{
    public static TextTable Table(CheckResult result) => new(
        [new("check"), new("expected", true), new("found", true), new("")],
        [.. result.Findings.Select(finding => new[]
        {
            finding.Name, finding.Expected, finding.Found, finding.IsRight ? "ok" : finding.IsDamage ? "DAMAGED" : finding.IsBehind ? "BEHIND" : "DIFFERS",
        })]);

    /// <summary>Writes one object: the verdict, the ledger in all and by date, and each check.</summary>
    public static void WriteJson(Ledger ledger, CheckResult result, Stream destination) => JsonLines.Write(destination, writer =>
    {
        writer.WriteBoolean("ok", result.Passed || result.IsOnlyBehind);
        writer.WriteStartObject("ledger");
        WriteCounts(writer, LedgerFigures.Of(ledger.Total));
        writer.WriteEndObject();
        writer.WriteStartArray("by_date");
        foreach ((int day, LedgerEntry counts) in ledger.ByDate.OrderBy(d => d.Key))
        {
            writer.WriteStartObject();
            writer.WriteString("date", LakeDates.Text(day));
            WriteCounts(writer, LedgerFigures.Of(counts));
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

    private static void WriteCounts(Utf8JsonWriter writer, LedgerFigures counts)
    {
        writer.WriteNumber("bronze", counts.Bronze);
        writer.WriteNumber("messages", counts.Messages);
        writer.WriteNumber("messages_corrupted", counts.Corrupted);
        writer.WriteNumber("deduplicated", counts.Deduplicated);
        writer.WriteNumber("rejected", counts.Rejected);
    }
}
