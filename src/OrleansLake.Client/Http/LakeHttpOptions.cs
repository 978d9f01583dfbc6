using System.ComponentModel.DataAnnotations;

namespace OrleansLake.Client;

/// <summary>
/// How a lake is reached over HTTP. A value that cannot be is told with the option's name: when the application starts, or
/// when the client is made.
/// </summary>
public sealed class LakeHttpOptions
{
    /// <summary>Where the server is, such as <c>http://127.0.0.1:5080</c>.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>The key: visible ASCII characters. Null: none.</summary>
    [DataType(DataType.Password)]
    public string? Key { get; set; }

    /// <summary>
    /// How often a call is tried in all. Reads are always safe to repeat; a send is repeated only under an idempotency
    /// key, or where the server said that it stored nothing. Five: with the waits below, some two seconds of a server that
    /// refuses at once.
    /// </summary>
    public int TriesMax { get; set; } = 5;

    /// <summary>The first wait before a repetition; it doubles each time, with some chance added. The server's Retry-After goes before it.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait before a repetition. A server that asks for a longer one is not asked again.</summary>
    public TimeSpan RetryDelayMax { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long one try may take, from connecting to the last byte of the answer. 20 s: a server waits up to 10 s for a
    /// position (<see cref="ReportQuery.MinPosition"/>). Large bodies over slow lines need more.
    /// <see cref="Timeout.InfiniteTimeSpan"/>: for ever.
    /// </summary>
    public TimeSpan TryTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a call may take in all, with its repetitions and the waits between them. One minute. <see cref="Timeout.InfiniteTimeSpan"/>: for ever.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a stream may be silent before it is taken for broken: so long at most a watcher takes figures for live that
    /// are not. 30 s: the server says something every 4 s.
    /// </summary>
    public TimeSpan StreamSilenceMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long watching goes on without a server, connecting again and again, before it ends with
    /// <see cref="LakeClientErrorKind.Unavailable"/>; meanwhile the watcher gets <see cref="LiveBehind"/>. Five minutes: a
    /// server that is replaced by a newer one. <see cref="Timeout.InfiniteTimeSpan"/>: for ever.
    /// </summary>
    public TimeSpan WatchOutageMax { get; set; } = TimeSpan.FromMinutes(5);
}
