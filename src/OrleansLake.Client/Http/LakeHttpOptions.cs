using System.ComponentModel.DataAnnotations;

namespace OrleansLake.Client;

/// <summary>How a lake is reached over HTTP.</summary>
public sealed class LakeHttpOptions
{
    /// <summary>Where the server is, such as <c>http://127.0.0.1:5080</c>.</summary>
    [Required]
    public Uri? BaseAddress { get; set; }

    /// <summary>The key. Null: none.</summary>
    public string? Key { get; set; }

    /// <summary>
    /// How often a call is tried in all. Reads are always safe to repeat; a send is repeated only under an idempotency
    /// key, or where the server said that it stored nothing. Five: with the waits below, ten seconds of trouble.
    /// </summary>
    [Range(1, 100)]
    public int TriesMax { get; set; } = 5;

    /// <summary>The first wait before a repetition; it doubles each time, with some chance added. The server's Retry-After goes before it.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait before a repetition.</summary>
    public TimeSpan RetryDelayMax { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a stream may be silent before it is taken for broken: twice the server's keep-alive and a bit.</summary>
    public TimeSpan StreamSilenceMax { get; set; } = TimeSpan.FromSeconds(45);
}
