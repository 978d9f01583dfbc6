using System.ComponentModel.DataAnnotations;

namespace OrleansLake.Server;

/// <summary>Bounds on what clients can take of the server. What is beyond them is refused with an answer that names the bound.</summary>
public sealed record LakeServerLimits
{
    /// <summary>Gets the number of bytes of a body as it is sent. 16 MiB: some 80,000 messages, and 16 such bodies at once are not a
    /// strain.</summary>
    [Range(1, int.MaxValue)]
    public int BodyBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>Gets the number of bytes of a body once it is unpacked. Four times as much: what messages pack to, and no bomb.</summary>
    [Range(1, int.MaxValue)]
    public int UnpackedBytesMax { get; init; } = 64 * 1024 * 1024;

    /// <summary>Gets the number of bytes of bodies that are in memory at once, over all clients; beyond it 429. 256 MiB.</summary>
    [Range(1, long.MaxValue)]
    public long BodiesBytesMax { get; init; } = 256L * 1024 * 1024;

    /// <summary>
    /// Gets the least number of bytes a second, over any five seconds, at which a body comes that is larger than
    /// <see cref="SlowBodyBytesMax"/>; what is
    /// slower gets 408. 240: it would hold its memory for nothing.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int BodyBytesPerSecondMin { get; init; } = 240;

    /// <summary>Gets the number of bytes up to which a body may come as slowly as it likes, within <see cref="SlowBodyTimeMax"/>. 16
    /// KiB: what 10,000 connections may hold each.</summary>
    [Range(1, int.MaxValue)]
    public int SlowBodyBytesMax { get; init; } = 16 * 1024;

    /// <summary>Gets the time that a body of up to <see cref="SlowBodyBytesMax"/> bytes may take; then 408. Ten minutes: somebody who
    /// types, a sensor that sends now and then.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan SlowBodyTimeMax { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets the number of connections of <c>lake serve</c> and silos; an application bounds those of its own web server.
    /// 10,000: each takes some 20 kB.</summary>
    [Range(1, int.MaxValue)]
    public int ConnectionsMax { get; init; } = 10_000;

    /// <summary>Gets the event streams at once. 2,000: each frame is sent to each of them.</summary>
    [Range(0, int.MaxValue)]
    public int StreamsMax { get; init; } = 2_000;

    /// <summary>Gets the event streams at once for one client address. A proxy's clients share one: hence as many as there can be.</summary>
    [Range(0, int.MaxValue)]
    public int StreamsPerAddressMax { get; init; } = 2_000;

    /// <summary>Gets the number of different things that are watched at once: each is computed and kept for itself. 100.</summary>
    [Range(1, int.MaxValue)]
    public int FeedsMax { get; init; } = 100;

    /// <summary>Gets the number of dates that one body may have messages of: each becomes a folder and a file. 400: a year and a month.</summary>
    [Range(1, int.MaxValue)]
    public int DatesPerBodyMax { get; init; } = 400;

    /// <summary>
    /// Gets the number of dates that one sender (a key; without keys, an address) may have messages of within an hour. 1,000: nearly three
    /// years of a history that is sent after; longer ones are ingested with <c>lake ingest</c>, which is not bounded.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int DatesPerSenderMax { get; init; } = 1_000;
}
