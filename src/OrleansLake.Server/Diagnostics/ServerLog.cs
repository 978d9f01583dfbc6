namespace OrleansLake.Server.Diagnostics;

/// <summary>
/// The server's log events. The table of event ids: 1xx its life, 2xx the pipeline (LakeHostLog), 3xx requests, 4xx sources (RabbitLog).
/// None of them contains a token, a key or a message.
/// </summary>
internal static partial class ServerLog
{
    [LoggerMessage(101, LogLevel.Information, "Draining: messages are no longer accepted; requests in flight have {DrainSeconds} s")]
    internal static partial void Draining(this ILogger logger, double drainSeconds);

    [LoggerMessage(103, LogLevel.Warning, "The lake has no keys, and the application listens beyond loopback ({Addresses}): requests from other machines are refused (403). Give it keys (OrleansLake:Keys, see `lake key`), put authorization on its routes (MapOrleansLake().RequireAuthorization()), or set OrleansLake:IsOpenToEverybody to true")]
    internal static partial void ClosedBeyondLoopback(this ILogger logger, string addresses);

    [LoggerMessage(104, LogLevel.Warning, "The lake is open to everybody who reaches {Addresses}: it has no keys, and OrleansLake:IsOpenToEverybody is true")]
    internal static partial void OpenToEverybody(this ILogger logger, string addresses);

    [LoggerMessage(106, LogLevel.Warning, "Requests that are cut off, as they did not end within {DrainSeconds} s (OrleansLake:DrainMax, or less where the host has less to stop): {Requests}")]
    internal static partial void CutOff(this ILogger logger, int requests, double drainSeconds);

    [LoggerMessage(107, LogLevel.Information, "The file of keys ({Setting}) has changed and was read again; new: {Added}; changed: {Changed}; taken out: {Removed}")]
    internal static partial void KeysRead(this ILogger logger, string setting, string added, string changed, string removed);

    [LoggerMessage(108, LogLevel.Warning, "The file of keys ({Setting}) has changed and cannot be used; the previous keys remain valid: {Reason}")]
    internal static partial void KeysNotRead(this ILogger logger, string setting, string reason);

    [LoggerMessage(300, LogLevel.Error, "A request to {Route} failed")]
    internal static partial void RequestFailed(this ILogger logger, Exception failure, string route);

    [LoggerMessage(301, LogLevel.Error, "A request to {Route} failed: {Reason}")]
    internal static partial void RequestMetDamage(this ILogger logger, string route, string reason);

    [LoggerMessage(302, LogLevel.Warning, "{Fields}; keep them by lake column keep attributes. They are named here once; /metrics counts all of them (orleanslake_ingest_left_out_total)")]
    internal static partial void FieldsLeftOut(this ILogger logger, string fields);
}
