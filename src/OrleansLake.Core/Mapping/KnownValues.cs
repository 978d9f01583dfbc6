namespace OrleansLake.Core.Mapping;

/// <summary>The values of event types and channels that reports are known by, and what other platforms call them.</summary>
internal sealed class KnownValues
{
    // What comes before a value in one word with it: email.delivered, MessageSent.
    private static readonly string[] Before = ["message", "email", "mail", "sms", "push", "notification", "event"];

    private readonly Dictionary<string, string> _byLetters = new(StringComparer.Ordinal);
    private readonly bool _hasPrefixes;

    private KnownValues(bool hasPrefixes, params (string Name, string[] Others)[] known)
    {
        _hasPrefixes = hasPrefixes;
        Names = [.. known.Select(static one => one.Name)];
        foreach ((string name, string[] others) in known)
        {
            foreach (string one in others.Append(name))
            {
                _byLetters.Add(SampleNames.Letters(one), name);
            }
        }
    }

    /// <summary>Gets the known event types.</summary>
    public static KnownValues EventTypes { get; } = new(
        hasPrefixes: true,
        ("CREATED", ["create", "queued", "enqueued", "scheduled"]),
        ("SENT", ["send", "sending", "dispatched", "submitted", "processed"]),
        ("RECEIVED", ["receive", "delivered", "deliver", "delivery"]),
        ("OPEN", ["opened", "opens", "read", "seen", "viewed", "view"]),
        ("CLICKED", ["click", "clicks", "tapped", "tap"]));

    /// <summary>Gets the known channels.</summary>
    public static KnownValues Channels { get; } = new(
        hasPrefixes: false,
        ("CHAT", ["whatsapp", "messenger", "livechat", "im"]),
        ("EMAIL", ["mail"]),
        ("SMS", ["text", "textmessage"]),
        ("PUSH", ["pushnotification", "mobilepush", "webpush", "apns", "fcm"]),
        ("OTHER", []));

    /// <summary>Gets the values as the lake has them.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Returns what the lake calls a value; null if it is not known.</summary>
    public string? Find(string value)
    {
        string letters = SampleNames.Letters(value);
        if (_byLetters.TryGetValue(letters, out string? name) || !_hasPrefixes)
        {
            return name;
        }

        // com.example.message.delivered
        if (value.AsSpan().LastIndexOfAny(".:/") is > 0 and var end)
        {
            return Find(value[(end + 1)..]);
        }

        string? before = Array.Find(Before, one => letters.StartsWith(one, StringComparison.Ordinal));
        return before is null ? null : _byLetters.GetValueOrDefault(letters[before.Length..]);
    }
}
