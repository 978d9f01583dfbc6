using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLake.Cli.Hosting;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;
using OrleansLake.Hosting;
using OrleansLake.Server;
using OrleansLake.Server.Settings;
using OrleansLake.Sinks.Kafka;
using OrleansLake.Sinks.PostgreSql;
using OrleansLake.Sources.Kafka;
using OrleansLake.Sources.RabbitMq;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Cli.Commands;

/// <summary>The settings that a server is started with: the options of <c>lake serve</c>, and of what checks them.</summary>
internal sealed class ServeOptions
{
    // Of which nothing can be wrong.
    private const string FreeUrl = "http://127.0.0.1:0";

    private readonly Option<string> _urls = new("--urls")
    {
        Description = "Where to listen; several with ; between (or LAKE_URLS)",
        HelpName = "URLS",
        DefaultValueFactory = _ => EnvironmentText.Of("LAKE_URLS") ?? ServeSettings.DefaultUrl,
    };

    private readonly Option<FileInfo?> _keys = new("--keys") { Description = "The file with the keys (see lake key; or LAKE_KEYS)", HelpName = "FILE", DefaultValueFactory = _ => EnvironmentText.Of("LAKE_KEYS") is { } path ? new FileInfo(path) : null };
    private readonly Option<string[]> _hosts = new("--allowed-hosts") { Description = "Host names that clients use, if not those of loopback; several by repetition", HelpName = "HOST", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string[]> _origins = new("--allow-origin") { Description = "A site whose pages may read, such as https://example.com; several by repetition", HelpName = "ORIGIN" };
    private readonly Option<FileInfo?> _embedKeys = new("--embed-keys") { Description = "The file with the keys that sign embed tokens (see lake embed-key; or LAKE_EMBED_KEYS)", HelpName = "FILE", DefaultValueFactory = _ => EnvironmentText.Of("LAKE_EMBED_KEYS") is { } path ? new FileInfo(path) : null };
    private readonly Option<string[]> _ancestors = new("--frame-ancestor") { Description = "A site whose pages may show reports in a frame; several by repetition", HelpName = "ORIGIN" };
    private readonly Option<string[]> _sources = new("--source")
    {
        Description = "A broker to read from, too: kafka://host:9092/topic, or rabbitmq://user@host:5672/vhost?queue=NAME (or stream=NAME); several by repetition",
        HelpName = "URI",
    };
    private readonly Option<string[]> _sinks = new("--sink")
    {
        Description = "A place to write the reports to, as they change: postgresql://user@host:5432/database, or kafka://host:9092/prefix; several by repetition",
        HelpName = "URI",
    };
    private readonly Option<bool> _quiet = new("--quiet") { Description = "Log warnings and errors only" };
    private readonly LakeCreationOptions _making;

    // Read once: a file of keys may be a pipe.
    private IReadOnlyList<LakeApiKey>? _keysRead;
    private IReadOnlyList<EmbedKey>? _embedKeysRead;

    /// <summary>Adds the options to a command.</summary>
    public ServeOptions(Command command)
    {
        command.Options.Add(_urls);
        command.Options.Add(_keys);
        command.Options.Add(_hosts);
        command.Options.Add(_origins);
        command.Options.Add(_embedKeys);
        command.Options.Add(_ancestors);
        command.Options.Add(_sources);
        command.Options.Add(_sinks);
        command.Options.Add(_quiet);
        _making = new LakeCreationOptions(command, withTrigger: true, withMapping: true);
        _sources.Validators.Add(CheckSources);
        _sinks.Validators.Add(CheckSinks);

        // In lambdas that hold no SettingFormat: every command line has these options, and is not to load the server for them.
        _hosts.Validators.Add(result => Check(result, _hosts, SettingFormat.Host));
        _origins.Validators.Add(result => Check(result, _origins, SettingFormat.Origin));
        _ancestors.Validators.Add(result => Check(result, _ancestors, SettingFormat.FrameAncestor));
    }

    /// <summary>Returns the options with which the lake is opened.</summary>
    public LakeOptions LakeOf(ParseResult parsed) => _making.ToLakeOptions(parsed, GlobalOptions.PathOf(parsed)) with { Adopt = AdoptKind.BronzeOnly };

    /// <summary>Returns the same of what can be read, where something cannot.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="environment">What the environment says; null if that cannot be read.</param>
    public LakeOptions ReadableLakeOf(ParseResult parsed, LakeOptions? environment) =>
        _making.ReadableOf(parsed, environment ?? new LakeOptions { Path = GlobalOptions.PathOf(parsed), Create = true }) with { Adopt = AdoptKind.BronzeOnly };

    /// <summary>Returns the options in the environment and the folder that a server does not read, a line each.</summary>
    public IEnumerable<string> UnreadOf(ParseResult parsed) =>
        UnreadSettings.Of(UrlsOf(parsed), Environment.CurrentDirectory, Environment.GetEnvironmentVariable)
            .Concat(UnreadSettings.PathOf(GlobalOptions.IsPathGiven(parsed) ? GlobalOptions.PathOf(parsed) : null, Environment.GetEnvironmentVariable) is { } path ? [path] : []);

    /// <summary>Returns what others on the machine may see of the command line and should not, a line each.</summary>
    public IEnumerable<string> SeenOf(ParseResult parsed) =>
        (parsed.GetValue(_sources) ?? []).Where(static source => Uri.TryCreate(source, UriKind.Absolute, out Uri? uri) && uri.UserInfo.Contains(':', StringComparison.Ordinal))
            .Select(static _ => "--source holds a password, which others on this machine can see; leave it out of the address, and give it in RABBITMQ_PASSWORD or by password-file=FILE.");

    private string[] UrlsOf(ParseResult parsed) => parsed.GetValue(_urls)!.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Returns the keys of its file; none if none is named.</summary>
    /// <exception cref="ServeSettingsException">The file cannot be read.</exception>
    public IReadOnlyList<LakeApiKey> KeysOf(ParseResult parsed) => _keysRead ??= parsed.GetValue(_keys) is { } file ? Read(file, KeyFile.Read) : [];

    /// <summary>Returns the keys that sign embed tokens; none if no file is named.</summary>
    /// <exception cref="ServeSettingsException">The file cannot be read.</exception>
    public IReadOnlyList<EmbedKey> EmbedKeysOf(ParseResult parsed) => _embedKeysRead ??= parsed.GetValue(_embedKeys) is { } file ? Read(file, EmbedKeyFile.Read) : [];

    /// <summary>Returns the settings with which the server is started.</summary>
    /// <exception cref="ServeSettingsException">A file of keys cannot be read.</exception>
    public ServeSettings SettingsOf(ParseResult parsed) => Where(parsed, SettingsOf(parsed, KeysOf(parsed), EmbedKeysOf(parsed)));

    /// <summary>Returns the same without keys, on loopback: for checking what else there is.</summary>
    public ServeSettings SettingsWithoutKeysOf(ParseResult parsed) => SettingsOf(parsed, [], []) with { Urls = [FreeUrl] };

    /// <summary>Returns what the environment says alone, on loopback, of options that cannot be read.</summary>
    public static ServeSettings EnvironmentOf(ParseResult parsed) => new()
    {
        Urls = [FreeUrl],
        OtherProblems = OtlpSettings.Problems(),
        Configure = options => options.Path = GlobalOptions.IsPathGiven(parsed) ? GlobalOptions.PathOf(parsed) : options.Path,
    };

    /// <summary>Returns the settings of where it listens, and nothing else.</summary>
    public ServeSettings AddressesOf(ParseResult parsed) => Where(parsed, new ServeSettings { Configure = static _ => { } });

    private ServeSettings Where(ParseResult parsed, ServeSettings settings) => settings with
    {
        Urls = UrlsOf(parsed),
        UrlsSetting = parsed.GetResult(_urls) is { Implicit: true } && EnvironmentText.Of("LAKE_URLS") is not null ? "LAKE_URLS" : _urls.Name,
    };

    private ServeSettings SettingsOf(ParseResult parsed, IReadOnlyList<LakeApiKey> keys, IReadOnlyList<EmbedKey> embedKeys)
    {
        LakeOptions lake = LakeOf(parsed);
        return new ServeSettings
        {
            KeysFile = keys.Count > 0 ? parsed.GetValue(_keys)?.ToString() : null,
            AllowedHosts = parsed.GetValue(_hosts) ?? [],
            LogLevel = parsed.GetValue(_quiet) ? LogLevel.Warning : LogLevel.Information,
            OtherProblems = OtlpSettings.Problems(),
            AddServices = services => AddServices(services, parsed.GetValue(_sources) ?? [], parsed.GetValue(_sinks) ?? []),
            Configure = options =>
            {
                // What is not given stays as in the environment: OrleansLake__Path and others.
                options.Path = GlobalOptions.IsPathGiven(parsed) ? lake.Path : options.Path;
                options.Trigger = _making.TriggerOf(parsed) ?? options.Trigger;
                options.TimeZone = lake.TimeZone ?? options.TimeZone;
                options.CountriesFile = lake.CountriesFile ?? options.CountriesFile;
                options.UserId = lake.UserId is { } user ? IdTypes.Name(user) : options.UserId;
                options.CountryId = lake.CountryId is { } country ? IdTypes.Name(country) : options.CountryId;
                options.MappingFile = lake.MappingFile ?? options.MappingFile;
                options.Keep = lake.Keep ?? options.Keep;
                options.Partitions = lake.Partitions ?? options.Partitions;
                options.Codec = _making.CodecOf(parsed) ?? options.Codec;
                options.Threads = lake.Threads ?? options.Threads;
                options.IsDurable &= lake.IsDurable;
                AddAll(options.Keys, keys);
                AddAll(options.AllowedOrigins, parsed.GetValue(_origins) ?? []);
                AddAll(options.Embed.Keys, embedKeys);
                AddAll(options.Embed.FrameAncestors, parsed.GetValue(_ancestors) ?? []);
            },
        };
    }

    private static void AddAll<T>(IList<T> list, IReadOnlyList<T> more)
    {
        foreach (T one in more)
        {
            list.Add(one);
        }
    }

    // A file that is not there or may not be read is not wrong usage.
    private static IReadOnlyList<T> Read<T>(FileInfo file, Func<string, IReadOnlyList<T>> read)
    {
        try
        {
            return read(SystemPath.Full(file.ToString()));
        }
        catch (ServeSettingsException e) when (e.InnerException is IOException or UnauthorizedAccessException)
        {
            throw new LakeException(LakeFailure.Environment, e.Message, e);
        }
    }

    private static void Check(OptionResult result, Option<string[]> option, SettingFormat format)
    {
        var rule = new SettingFormatAttribute(format);
        foreach (string text in result.Tokens.Select(token => token.Value).Where(text => !rule.Allows(text)))
        {
            result.AddError($"{option.Name} is '{text}': give {rule.Expected}{(text.AsSpan().IndexOfAny(";, ") >= 0 ? "; several by repetition" : "")}.");
        }
    }

    // The text is not repeated: it may hold a password.
    private static void CheckSources(OptionResult result) => CheckAddresses(result, "--source", static text =>
        (IsKafka(text) ? KafkaTopics.TryParse(text, out _, out string? error) : RabbitQueue.TryParse(text, out _, out error)) ? null : error);

    private static void CheckSinks(OptionResult result) => CheckAddresses(result, "--sink", static text =>
        (IsKafka(text) ? KafkaReports.TryParse(text, out _, out string? error) : PostgreSqlTarget.TryParse(text, out _, out error)) ? null : error);

    private static void CheckAddresses(OptionResult result, string option, Func<string, string?> fault)
    {
        foreach (string error in result.Tokens.Select(token => fault(token.Value)).OfType<string>())
        {
            result.AddError($"{option}: {error}.");
        }
    }

    private static bool IsKafka(string address) => address.StartsWith("kafka", StringComparison.OrdinalIgnoreCase);

    private static void AddServices(IServiceCollection services, string[] sources, string[] sinks)
    {
        // Those of the settings as well (OrleansLake:Sources, OrleansLake:Sinks).
        services.AddKafkaSources().AddRabbitMqSources().AddPostgreSqlSinks().AddKafkaSinks();
        foreach (string source in sources)
        {
            _ = IsKafka(source) ? services.AddKafkaSource(source) : services.AddRabbitMqSource(source);
        }

        foreach (string sink in sinks)
        {
            _ = IsKafka(sink) ? services.AddKafkaSink(sink) : services.AddPostgreSqlSink(sink);
        }

        OtlpExport.AddConfigured(services);
    }
}
