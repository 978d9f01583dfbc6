using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>A message with the names of another platform, and in structs.</summary>
[SuppressMessage("Style", "IDE1006:Naming rule violation", Justification = "The names are those of columns.")]
[SuppressMessage("Naming", "CA1707:Identifiers should not contain underscores", Justification = "The names are those of columns.")]
public sealed class NestedEvent
{
    public long at { get; set; }

    public string? kind { get; set; }

    public string? via { get; set; }

    public int? uid { get; set; }

    public PayloadOfEvent? payload { get; set; }

    /// <summary>Returns golden's events: of some, the user is at another place, and the struct around it is null.</summary>
    public static IReadOnlyList<NestedEvent> OfGolden() => [.. Golden.Events.Select(static (line, i) =>
    {
        JsonElement from = JsonDocument.Parse(line).RootElement;
        string? Text(string name) => from.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
        int? Number(string name) => from.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;
        int? user = Number("user_id");
        int? country = Number("country_id");
        return new NestedEvent
        {
            at = (DateTimeOffset.Parse(Text("timestamp")!, CultureInfo.InvariantCulture) - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
            kind = Text("event_type") is "RECEIVED" ? "received" : Text("event_type"),
            via = Text("channel") switch { "SMS" when i % 3 == 0 => "text", "EMAIL" => "mail", var channel => channel },
            uid = i % 2 == 0 ? null : user,
            payload = new PayloadOfEvent { id = Text("message_id"), body = Text("value"), to = country is null && (i % 2 == 1 || user is null) ? null : new AddresseeOfEvent { country = country, user = i % 2 == 0 ? user : null } },
        };
    })];

    public sealed class PayloadOfEvent
    {
        public string? id { get; set; }

        public string? body { get; set; }

        public AddresseeOfEvent? to { get; set; }
    }

    public sealed class AddresseeOfEvent
    {
        public int? country { get; set; }

        public int? user { get; set; }
    }
}
