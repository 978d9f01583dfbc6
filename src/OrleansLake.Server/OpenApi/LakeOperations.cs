using OrleansLake.Server.Endpoints;
using OrleansLake.Server.Messages;
using OrleansLake.Server.Reports;
using OrleansLake.Server.Requests;

namespace OrleansLake.Server.OpenApi;

/// <summary>The descriptions of the routes.</summary>
internal static class LakeOperations
{
    private const string Json = "application/json";
    private const string Events = "text/event-stream";

    private static readonly (string, string) LastEventId = ("Last-Event-ID", "The id of the last event that was seen: it continues from there.");
    private static readonly (string, string, string) Position = ("Lake-Position", "The position that the answer is true as of.", "string");
    private static readonly string[] ReportTypes = [.. Enum.GetValues<ReportFormat>().Select(ReportFormats.ContentTypeOf)];

    private static readonly Dictionary<string, LakeOperation> Known = new()
    {
        ["POST /v1/messages"] = new("Send messages. 202: they are durable; with wait=report 200: the reports show them.", SendEndpoint.Parameters, 202, [Json])
        {
            RequestTypes = [.. MessageTypes.Named, MessageTypes.Form],
            Headers = [("Idempotency-Key", "Names the request, 1 to 255 characters: the same body under the same key is stored once."), ("Content-Encoding", "gzip, or none.")],
            Failures = [200, 409, 413, 415, 422],
        },
        ["/v1/messages"] = new("All copies of a message, and which of them counts.", ReadingEndpoints.MessageParameters, 200, [Json]) { Failures = [404], AnswerHeaders = [Position] },
        ["/v1/messages/{**id}"] = new("The same, for an id that a path can hold: each character but letters, digits and -._~ as %XX.", [], 200, [Json]) { Failures = [404], AnswerHeaders = [Position] },
        ["/v1/reports/{report}"] = new("A report at a position. An extension behind its name (.json .csv .ndjson .parquet) or Accept chooses the format.", ReportEndpoint.Parameters, 200, ReportTypes)
        {
            Headers = [("If-None-Match", "An ETag: 304 while the report is at the same position.")],
            Failures = [304, 404, 406, 410, 504],
            AnswerHeaders =
            [
                ("ETag", "Its position, for If-None-Match.", "string"), Position,
                ("Lake-Time", "When it was true: the server's clock, in UTC.", "string"),
                ("Lake-Rows", "The rows that fit the filter, before skip and limit.", "integer"),
            ],
        },
        ["/v1/reports/{report}/stream"] = new("A report as it changes: a snapshot, then deltas.", StreamEndpoint.OneParameters, 200, [Events]) { Headers = [LastEventId], Failures = [404] },
        ["/v1/stream"] = new("Several reports and the counts as they change, in one connection.", StreamEndpoint.AllParameters, 200, [Events]) { IsOfSeveralReports = true, Headers = [LastEventId], Failures = [404] },
        ["/v1/ledger"] = new("The counts in all and by date: bronze = messages + messages_corrupted.", [], 200, [Json]) { AnswerHeaders = [Position] },
        ["/v1/status"] = new("The lake's status: what waits for its fsync, for the reports, for Parquet.", [], 200, [Json]) { AnswerHeaders = [Position] },
        ["/v1/quarantine"] = new("Rejected records, oldest first.", ReadingEndpoints.QuarantineParameters, 200, [Json]),
        ["/v1/mappings"] = new("The mappings by which records become messages.", [], 200, [Json]),
        ["/v1/mappings/{name}"] = new("A mapping, as it was given.", [], 200, [Json]) { Failures = [404] },
        ["PUT /v1/mappings/{name}"] = new("Keep a mapping, in place of one of its name. What is sent behind the answer goes through it.", [], 204, []) { RequestTypes = [Json], Failures = [413, 415] },
        ["DELETE /v1/mappings/{name}"] = new("Remove a mapping.", [], 204, []) { Failures = [404] },
        ["/v1/sources"] = new("The sources of topics that the lake reads: how far they are.", [], 200, [Json]),
        ["POST /v1/sources/{name}/pause"] = new("Pause a source. It stays paused when the lake is started again.", [], 204, []) { Failures = [404] },
        ["POST /v1/sources/{name}/resume"] = new("Let a source go on.", [], 204, []) { Failures = [404] },
        ["POST /v1/sources/{name}/seek"] = new("Read partitions from another offset, those that a gap has stopped, too. Forward, what lies between is passed over; back, it is read again: reports count a message once by its id, bronze has it again.", SourceEndpoints.SeekParameters, 200, [Json]) { Failures = [404] },
        ["/v1/sinks"] = new("The sinks that the reports are written to: how far they are.", [], 200, [Json]),
        ["POST /v1/embed-tokens"] = new("Make a token with which another site's readers see reports behind filters, until it ends.", [], 200, [Json])
        {
            RequestTypes = [Json],
            Failures = [409, 413, 415],
        },
        ["/metrics"] = new("Metrics in Prometheus' text format.", [], 200, ["text/plain"]),
        ["/health"] = new("Whether it accepts messages and its pipeline runs.", [], 200, [Json]) { Failures = [503] },
        ["/alive"] = new("Whether the process answers.", [], 200, [Json]),
        ["/openapi/v1.json"] = new("This.", [], 200, [Json]),
    };

    internal static LakeOperation Of(string route, LakeScopes scope) =>
        (Known.GetValueOrDefault(route) ?? new LakeOperation(route, [], 200, [Json])) with { Scope = scope };
}
