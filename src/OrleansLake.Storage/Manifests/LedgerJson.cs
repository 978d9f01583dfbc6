using OrleansLake.Core.State;
using OrleansLake.Storage.Json;

namespace OrleansLake.Storage.Manifests;

internal static class LedgerJson
{
    public static LedgerCounts Map(ref StorageJson json, LedgerCounts counts)
    {
        long? bronze = counts.Bronze;
        long? messages = counts.Messages;
        long? messagesCorrupted = counts.MessagesCorrupted;
        long? rejected = counts.Rejected;
        long? deduplicated = counts.Deduplicated;
        json.BeginObject();
        while (json.NextField())
        {
            _ = json.Int64("bronze"u8, ref bronze)
                || json.Int64("messages"u8, ref messages)
                || json.Int64("messagesCorrupted"u8, ref messagesCorrupted)
                || json.Int64("rejected"u8, ref rejected)
                || json.Int64("deduplicated"u8, ref deduplicated)
                || json.Unknown();
        }

        return new LedgerCounts(bronze ?? 0, messages ?? 0, messagesCorrupted ?? 0, rejected ?? 0, deduplicated ?? 0);
    }

    public static LedgerDay MapDay(ref StorageJson json, LedgerDay? day)
    {
        string? date = day?.Date;
        LedgerCounts? counts = day?.Counts;
        json.BeginObject();
        while (json.NextField())
        {
            _ = json.Text("date"u8, ref date) || json.Value("counts"u8, ref counts, Map) || json.Unknown();
        }

        return day ?? new LedgerDay(date, counts ?? default);
    }
}
