using System.ComponentModel.DataAnnotations;
using OrleansLake.Core.Reports;

namespace OrleansLake.Client;

/// <summary>
/// The options of a client that reaches a lake over HTTP. An invalid value is reported with the option's name: when the application starts, or
/// when the client is made.
/// </summary>
public sealed class LakeHttpOptions
{
    /// <summary>Gets or sets the address of the server, such as <c>http://127.0.0.1:5080</c>.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>Gets or sets the reports that the server's lake keeps.</summary>
    public ReportCatalog Reports { get; set; } = LakeReports.All;

    /// <summary>Gets or sets the key: visible ASCII characters. Null: none.</summary>
    [DataType(DataType.Password)]
    public string? Key { get; set; }

    /// <summary>
    /// Gets or sets the number of times that a call is tried in all. Reads are always safe to repeat; a send is repeated only under an idempotency
    /// key, or where the server said that it stored nothing. Five: with the waits below, some two seconds of a server that
    /// refuses at once.
    /// </summary>
    public int TriesMax { get; set; } = 5;

    /// <summary>Gets or sets the first wait before a repetition; it doubles each time, with jitter. The server's
    /// Retry-After takes precedence.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Gets or sets the longest wait before a repetition. A server that asks for a longer one is not asked again.</summary>
    public TimeSpan RetryDelayMax { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Gets or sets the time that one try may take, from connecting to the last byte of the answer. 20 s: a server waits up to 10 s for a
    /// position (<see cref="ReportQuery.MinPosition"/>). Large bodies over slow lines need more.
    /// <see cref="Timeout.InfiniteTimeSpan"/>: no limit.
    /// </summary>
    public TimeSpan TryTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Gets or sets the time that a call may take in all, with its repetitions and the waits between them. One minute.
    /// <see cref="Timeout.InfiniteTimeSpan"/>: no limit.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Gets or sets the time that a stream may be silent before it is considered broken: for that long at most a watcher takes figures for live that
    /// are not. 30 s: the server says something every 4 s.
    /// </summary>
    public TimeSpan StreamSilenceMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets or sets the time that watching continues without a server, connecting again and again, before it ends with
    /// <see cref="LakeClientErrorKind.Unavailable"/>; meanwhile the watcher gets <see cref="LiveBehind"/>. Five minutes: a
    /// server that is replaced by a newer one. <see cref="Timeout.InfiniteTimeSpan"/>: no limit.
    /// </summary>
    public TimeSpan WatchOutageMax { get; set; } = TimeSpan.FromMinutes(5);
}
