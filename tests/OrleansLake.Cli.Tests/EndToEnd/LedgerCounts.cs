using System.Text.Json;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>The ledger's four figures, which must close: bronze = messages + messages_corrupted.</summary>
internal sealed record LedgerCounts(long Bronze, long Messages, long MessagesCorrupted, long Deduplicated)
{
    /// <summary>A line of the golden ledgers.</summary>
    public static LedgerCounts OfGolden(string line)
    {
        using var document = JsonDocument.Parse(line);
        return Of(document.RootElement);
    }

    /// <summary>Reads what <c>lake check --format json</c> printed.</summary>
    public static LedgerCounts OfCheck(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Of(document.RootElement.GetProperty("ledger"));
    }

    private static LedgerCounts Of(JsonElement counts)
    {
        return new(Count("bronze"), Count("messages"), Count("messages_corrupted"), Count("deduplicated"));

        long Count(string name) => counts.GetProperty(name).GetInt64();
    }
}
