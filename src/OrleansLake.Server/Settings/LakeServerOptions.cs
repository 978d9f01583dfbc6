using System.ComponentModel.DataAnnotations;
using OrleansLake.Client.Embedded;
using OrleansLake.Server.Settings;

namespace OrleansLake.Server;

/// <summary>The options with which a lake is served.</summary>
public sealed class LakeServerOptions : EmbeddedLakeOptions
{
    /// <summary>
    /// Gets the keys. None: nobody is asked for one, and only requests from this machine are answered (both ends of the connection
    /// on loopback and a name of it in <c>Host</c>, a Unix socket or a pipe), those that the application's own authorization lets in
    /// (<c>MapOrleansLake().RequireAuthorization()</c>, or a fallback policy) and those with an embed token; others get 403.
    /// </summary>
    /// <remarks>
    /// A reverse proxy on the same machine makes every request one from this machine. Where it says for whom it asks
    /// (<c>X-Forwarded-For</c>, <c>X-Real-IP</c>, <c>Forwarded</c>), that is looked at, with or without <c>UseForwardedHeaders</c>;
    /// one that says nothing cannot be distinguished from a user at the machine. Behind a proxy, configure keys or authorization.
    /// Names beside those of loopback are answered that the application's <c>AllowedHosts</c> lists: a page of another site may
    /// have its own name lead to this machine (DNS rebinding).
    /// </remarks>
    public IList<LakeApiKey> Keys { get; } = [];

    /// <summary>
    /// Gets or sets a value indicating whether everybody is answered who reaches the application, from any machine, without a key:
    /// for networks where that is meant.
    /// It is refused beside <see cref="Keys"/>. <c>lake serve</c> does not listen beyond loopback without keys whatever this says.
    /// </summary>
    public bool IsOpenToEverybody { get; set; }

    /// <summary>
    /// Gets or sets the claim that says what somebody may do whom the application's own authorization let in
    /// (<c>MapOrleansLake().RequireAuthorization()</c>): <c>ingest</c>, <c>read</c>, <c>admin</c> or <c>all</c>, several with blanks or
    /// commas between, or as several claims. A login without such a claim may do everything, as the application let them in; to refuse
    /// them, let its policy require the claim. Null: no claim is looked at. A request that brings a lake's key or embed token
    /// is judged by that.
    /// </summary>
    [SettingFormat(SettingFormat.Claim)]
    public string? ScopeClaim { get; set; } = "lake_scope";

    /// <summary>Gets or sets the bounds on what clients can take.</summary>
    [Required]
    public LakeServerLimits Limits { get; set; } = new();

    /// <summary>Gets the origins of other sites whose pages may read (<c>https://example.com</c>). None: no other site.</summary>
    [SettingFormat(SettingFormat.Origin)]
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>Gets or sets the options of reports that are embedded in other sites.</summary>
    [Required]
    public EmbedOptions Embed { get; set; } = new();

    /// <summary>
    /// Gets the topics and queues that the lake reads, each record once: <c>kafka://host:9092/topic</c> where the application has
    /// <c>AddKafkaSources()</c>, <c>rabbitmq://user@host/vhost?stream=messages</c>, or <c>?queue=messages</c>, with <c>AddRabbitMqSources()</c>.
    /// </summary>
    public IList<string> Sources { get; } = [];

    /// <summary>
    /// Gets the places that reports are written to as they change: <c>postgresql://user@host/database</c> where the application has
    /// <c>AddPostgreSqlSinks()</c>, <c>kafka://host:9092/prefix</c> with <c>AddKafkaSinks()</c>. None of them holds a password.
    /// </summary>
    public IList<string> Sinks { get; } = [];

    /// <summary>
    /// Gets or sets the time that requests in flight are waited for when the server stops; from 1 ms to a day. What does not end in that time is cut
    /// off within a second. No longer than the application's host waits for its services (<c>HostOptions.ShutdownTimeout</c>).
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan DrainMax { get; set; } = TimeSpan.FromSeconds(10);

    internal override int? DatesPerSendMax => Limits.DatesPerBodyMax;

    internal override int? DatesPerSenderMax => Limits.DatesPerSenderMax;
}
