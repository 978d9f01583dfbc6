namespace OrleansLake.Server.OpenApi;

/// <summary>The name of each route in a description, and which of <see cref="LakeSchemas"/> its bodies have.</summary>
/// <param name="Id">Its name, such as a generated client's method has.</param>
/// <param name="Success">The schema of a success in JSON.</param>
/// <param name="Body">The schema of a body in JSON that it takes; null: none.</param>
internal sealed record LakeAnswers(string Id, string? Success, string? Body = null)
{
    private static readonly Dictionary<string, LakeAnswers> Known = new()
    {
        ["POST /v1/messages"] = new("sendMessages", "SendReceipt", "Message"),
        ["GET /v1/messages"] = new("findMessage", "MessageLife"),
        ["GET /v1/messages/{id}"] = new("getMessage", "MessageLife"),
        ["GET /v1/reports/{report}"] = new("getReport", "Report"),
        ["GET /v1/reports/{report}/stream"] = new("streamReport", "Events"),
        ["GET /v1/stream"] = new("streamReports", "Events"),
        ["GET /v1/ledger"] = new("getLedger", "Ledger"),
        ["GET /v1/status"] = new("getStatus", "Status"),
        ["GET /v1/quarantine"] = new("getQuarantine", "Quarantine"),
        ["GET /v1/mappings"] = new("getMappings", "Mappings"),
        ["GET /v1/mappings/{name}"] = new("getMapping", "Mapping"),
        ["PUT /v1/mappings/{name}"] = new("setMapping", null, "Mapping"),
        ["DELETE /v1/mappings/{name}"] = new("removeMapping", null),
        ["GET /v1/sources"] = new("getSources", "Sources"),
        ["POST /v1/sources/{name}/pause"] = new("pauseSource", null),
        ["POST /v1/sources/{name}/resume"] = new("resumeSource", null),
        ["POST /v1/sources/{name}/seek"] = new("seekSource", "SourceMoves"),
        ["GET /v1/sinks"] = new("getSinks", "Sinks"),
        ["POST /v1/embed-tokens"] = new("createEmbedToken", "EmbedToken", "EmbedTokenRequest"),
        ["GET /metrics"] = new("getMetrics", null),
        ["GET /health"] = new("getHealth", "Health"),
        ["GET /alive"] = new("getAlive", "Health"),
        ["GET /openapi/v1.json"] = new("getDescription", null),
    };

    /// <summary>Returns those of a method and a route.</summary>
    internal static LakeAnswers Of(string method, string path)
    {
        if (method == "HEAD")
        {
            LakeAnswers get = Of("GET", path);
            return get with { Id = "head" + char.ToUpperInvariant(get.Id[0]) + get.Id[1..] };
        }

        return Known.GetValueOrDefault($"{method} {path}")
            ?? new LakeAnswers(string.Concat([method.ToLowerInvariant(), .. path.Split(['/', '{', '}', '.', '-'], StringSplitOptions.RemoveEmptyEntries).Select(part => char.ToUpperInvariant(part[0]) + part[1..])]), null);
    }
}
