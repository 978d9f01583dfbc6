using OrleansLake.Client;

namespace OrleansLake.Server;

/// <summary>The rights that an embed token gives: to read and watch some reports, each behind a filter, until it expires.</summary>
public sealed record EmbedToken
{
    /// <summary>Gets the key that signs it.</summary>
    public required string KeyId { get; init; }

    /// <summary>Gets the time when it ends, to the second; streams end with it.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Gets the reports, each with the filter that its reader can narrow but not widen.</summary>
    public required IReadOnlyDictionary<string, ReportFilter> Reports { get; init; }

    /// <summary>Gets the user that it is for, for the lake's logs. Null: nobody in particular.</summary>
    public string? Subject { get; init; }
}
