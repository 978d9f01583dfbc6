using OrleansLake.Client;

namespace OrleansLake.Server;

/// <summary>The rights of a request; a feature of the request (<c>HttpContext.Features</c>) once it is known.</summary>
/// <param name="Name">Whose key, token or login it is.</param>
/// <param name="Scopes">Its rights.</param>
public sealed record LakeAccess(string Name, LakeScopes Scopes)
{
    /// <summary>Gets the access to everything: on loopback without keys.</summary>
    public static LakeAccess Full { get; } = new("local", LakeScopes.All);

    /// <summary>Gets the source that is recorded for rejected records.</summary>
    internal string Source { get; } = $"http:{Name}";

    /// <summary>Gets the origin of its scopes, as a sentence begins with it.</summary>
    internal string Origin { get; init; } = "The key";

    /// <summary>Gets the reports that it may read, each with the filter that it cannot widen; null: all of all.</summary>
    public IReadOnlyDictionary<string, ReportFilter>? Reports { get; init; }

    /// <summary>Gets the time when it comes to an end, streams included; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
