using System.Text.Json;

namespace OrleansLake.Storage;

internal static class LedgerJson
{
    public static void Write(Utf8JsonWriter json, LedgerEntry counts)
    {
        json.WriteStartObject();
        json.WriteNumber("bronze"u8, counts.Bronze);
        json.WriteNumber("messages"u8, counts.Messages);
        json.WriteNumber("messagesCorrupted"u8, counts.MessagesCorrupted);
        json.WriteNumber("rejected"u8, counts.Rejected);
        json.WriteNumber("deduplicated"u8, counts.Deduplicated);
        json.WriteEndObject();
    }

    public static void WriteDay(Utf8JsonWriter json, LedgerDay day)
    {
        json.WriteStartObject();
        if (day.Date is not null)
        {
            json.WriteString("date"u8, day.Date);
        }

        json.WritePropertyName("counts"u8);
        Write(json, day.Counts);
        json.WriteEndObject();
    }

    public static LedgerEntry Read(ref StorageJsonReader json)
    {
        LedgerEntry counts = default;
        json.BeginObject();
        while (json.NextField())
        {
            if (json.Is("bronze"u8))
            {
                counts = counts with { Bronze = json.Int64() };
            }
            else if (json.Is("messages"u8))
            {
                counts = counts with { Messages = json.Int64() };
            }
            else if (json.Is("messagesCorrupted"u8))
            {
                counts = counts with { MessagesCorrupted = json.Int64() };
            }
            else if (json.Is("rejected"u8))
            {
                counts = counts with { Rejected = json.Int64() };
            }
            else if (json.Is("deduplicated"u8))
            {
                counts = counts with { Deduplicated = json.Int64() };
            }
            else
            {
                throw json.Unknown();
            }
        }

        return counts;
    }

    public static LedgerDay ReadDay(ref StorageJsonReader json)
    {
        string? date = null;
        LedgerEntry counts = default;
        json.BeginObject();
        while (json.NextField())
        {
            if (json.Is("date"u8))
            {
                date = json.Text();
            }
            else if (json.Is("counts"u8))
            {
                counts = Read(ref json);
            }
            else
            {
                throw json.Unknown();
            }
        }

        return new LedgerDay(date, counts);
    }
}
