namespace OrleansLake.Server.Settings;

/// <summary>The settings that a server of its own is started with.</summary>
internal sealed record ServeSettings
{
    /// <summary>The default address that it listens on.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>Gets the addresses that it listens on, such as <c>http://127.0.0.1:5080</c>; port 0 takes a free one.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [DefaultUrl];

    /// <summary>Gets the action that sets how the lake is served.</summary>
    public required Action<LakeServerOptions> Configure { get; init; }

    /// <summary>
    /// Gets the file of keys that <see cref="Configure"/> gives: it is read again when it changes, and its keys take the place of those that
    /// was in it before. Null: there is none.
    /// </summary>
    public string? KeysFile { get; init; }

    /// <summary>Gets a value indicating whether the server owns the lake in <see cref="Client.Embedded.EmbeddedLakeOptions.Path"/>. False: it is in front of the
    /// <c>ILakeClient</c> among the services.</summary>
    public bool OwnsLake { get; init; } = true;

    /// <summary>Gets the values of <c>Host</c> that are answered; none: those of loopback on loopback, any beyond it.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Gets the least severe log lines that are written (to stderr).</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    /// <summary>Gets the action that adds what else the server has: sources that messages are taken from, an exporter of its figures.</summary>
    public Action<IServiceCollection>? AddServices { get; init; }

    /// <summary>Gets what is wrong with settings that the program that serves reads itself, a sentence or two each.</summary>
    public IReadOnlyList<string> OtherProblems { get; init; } = [];

    /// <summary>Gets a callback that is given the addresses once it listens.</summary>
    public Action<IReadOnlyCollection<string>>? Started { get; init; }

    /// <summary>Gets the configuration of the program that serves, if that is more than its environment: sections <c>OrleansLake</c>
    /// and <c>Kestrel</c> of it are read.</summary>
    public IConfiguration? Configuration { get; init; }

    /// <summary>Gets the names of the sections in <c>OrleansLake</c> that the program that serves reads itself.</summary>
    public IReadOnlyCollection<string> OtherSections { get; init; } = [];

    /// <summary>Gets the name that the program that serves gives the setting of <see cref="Urls"/>, for messages.</summary>
    public string UrlsSetting { get; init; } = "--urls";

    /// <summary>Gets the name that the program that serves gives the setting of the file of keys, for messages.</summary>
    public string KeysSetting { get; init; } = "--keys";

    /// <summary>Gets the name that the program that serves gives the setting of <see cref="AllowedHosts"/>, for messages. Null: it
    /// has none.</summary>
    public string? AllowedHostsSetting { get; init; } = "--allowed-hosts";
}
