using System.CommandLine;
using System.CommandLine.Parsing;
using OrleansLake.Cli.Hosting;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;
using OrleansLake.Engine.Mappings;
using OrleansLake.Storage;
using OrleansLake.Storage.Stores;
using OrleansLake.Storage.TimeZones;

namespace OrleansLake.Cli.Commands;

/// <summary>The options of commands that write to a lake, and make it where there is none.</summary>
internal sealed class LakeCreationOptions
{
    private static readonly TimeSpan TriggerMin = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan TriggerMax = TimeSpan.FromDays(1);

    private readonly ParsedOption<string?> _timeZone = NewTimeZone("given when the lake is created");

    private readonly Option<string?> _countries = new("--countries")
    {
        Description = "The countries table, CSV (packed or not) or Parquet, or a pipe; given when the lake is created (the notebook's if not)",
        HelpName = "FILE",
    };

    private readonly IdTypeOptions _ids;

    private readonly Option<string?> _mapping = new("--mapping")
    {
        Description = "How records become messages (see lake mapping): a file, kept as the lake's default when it is created, or the name of a mapping that it has",
        HelpName = "FILE|NAME",
    };

    private readonly ParsedOption<KeptFields?> _keep = KeepNames.NewOption();

    private readonly ParsedOption<int?> _partitions = ParsedOption.Number(
        "--partitions", "How many partitions the lake has, for silos to share; given when it is created (1 if not)", LakePartitioning.PartitionsMax);

    private readonly ParsedOption<int?> _threads = ParsedOption.Number("--threads", "How many threads to use (all cores if not)", 1024);

    private readonly ParsedOption<LakeCodec?> _codec = ParsedOption.Of<LakeCodec?>(
        "--codec", "What Parquet files are compressed with (snappy if not)", "snappy|zstd|lz4_raw|gzip|brotli|none", ParseCodec);

    // For benchmarks: what durability costs is the difference.
    private readonly Option<bool> _noFsync = new("--no-fsync") { Hidden = true };

    private readonly ParsedOption<TimeSpan?> _trigger = ParsedOption.Of<TimeSpan?>(
        "--trigger", "How often silver and gold are published (5s if not)", "T", ParseTrigger);

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="withTrigger">Whether it publishes by a trigger.</param>
    /// <param name="withThreads">Whether it applies messages.</param>
    /// <param name="withMapping">Whether messages come to it from outside.</param>
    public LakeCreationOptions(Command command, bool withTrigger, bool withThreads = true, bool withMapping = false)
    {
        if (withTrigger)
        {
            command.Options.Add(_trigger);
        }

        command.Options.Add(_timeZone);
        command.Options.Add(_countries);
        _ids = new IdTypeOptions(command, "given when the lake is created");
        if (withMapping)
        {
            command.Options.Add(_mapping);
            command.Options.Add(_keep);
        }

        command.Options.Add(_partitions);
        command.Options.Add(_codec);
        if (withThreads)
        {
            command.Options.Add(_threads);
        }

        command.Options.Add(_noFsync);
    }

    /// <summary>Returns whether one was given that only means something to a lake.</summary>
    public bool IsAnyGiven(SymbolResult parsed) =>
        parsed.GetResult(_timeZone) is not null || parsed.GetResult(_countries) is not null
        || _ids.IsAnyGiven(parsed) || parsed.GetResult(_partitions) is not null;

    /// <summary>Returns the options with which the lake is opened.</summary>
    public LakeOptions ToLakeOptions(ParseResult parsed, string path)
    {
        LakeOptions options = new()
        {
            Path = path,
            Create = true,
            TimeZone = _timeZone.Of(parsed),
            CountriesFile = CountriesOf(parsed),
            UserId = _ids.UserOf(parsed),
            CountryId = _ids.CountryOf(parsed),
            MappingFile = parsed.GetValue(_mapping),
            Keep = _keep.Of(parsed),
            Partitions = _partitions.Of(parsed),
            Codec = _codec.Of(parsed) ?? default,
            Threads = _threads.Of(parsed),
            IsDurable = !parsed.GetValue(_noFsync),
        };
        return TriggerOf(parsed) is { } trigger ? options with { Trigger = trigger } : options;
    }

    /// <summary>Returns how to look at the lake where an option cannot be read: by those that can.</summary>
    public LakeOptions ReadableOf(ParseResult parsed, LakeOptions others) => others with
    {
        TimeZone = Readable(() => _timeZone.Of(parsed)) ?? others.TimeZone,
        CountriesFile = Readable(() => CountriesOf(parsed)) ?? others.CountriesFile,
        UserId = Readable(() => _ids.UserOf(parsed)) ?? others.UserId,
        CountryId = Readable(() => _ids.CountryOf(parsed)) ?? others.CountryId,
        Partitions = Readable(() => _partitions.Of(parsed)) ?? others.Partitions,
    };

    private static T? Readable<T>(Func<T?> get)
    {
        try
        {
            return get();
        }
        catch (InvalidOperationException)
        {
            // That it is invalid is reported by the parser of the command line.
            return default;
        }
    }

    /// <summary>Returns the file with the countries that was given; null if none was.</summary>
    public string? CountriesOf(ParseResult parsed) => parsed.GetValue(_countries) is { } path ? SystemPath.Of(path) : null;

    /// <summary>Returns the mapping whose file was given; null if none was, or the name of one.</summary>
    /// <exception cref="UsageException">It is not a mapping.</exception>
    /// <exception cref="LakeException">It is the name of one, and there is no lake that could have it.</exception>
    public async Task<MessageMapping?> MappingOfAsync(ParseResult parsed, string path, CancellationToken cancellationToken) =>
        MappingNameOf(parsed) is { } name and not LakeMappings.NoneName && !Path.Exists(Path.Join(path, LakePaths.Description))
            ? throw new LakeException(LakeFailure.Failed, $"There is no file {name}, and no lake in {path} that could have a mapping of that name; nothing was created.")
            : parsed.GetValue(_mapping) is { } given && !IsNameOf(given, path) ? await MappingFile.ReadAsync(given, path, cancellationToken, _ids.Of(parsed)).ConfigureAwait(false) : null;

    /// <summary>Returns the name of a mapping that was given; null if none was, or a file.</summary>
    public string? MappingNameOf(ParseResult parsed) => parsed.GetValue(_mapping) is { } given && IsNameOf(given, GlobalOptions.PathOf(parsed)) ? given : null;

    // The lake's own names go before files; of what is neither, the lake says that it has no such mapping.
    private static bool IsNameOf(string given, string path) => MessageMapping.IsName(given)
        && (given == LakeMappings.NoneName || Path.Exists(Path.Join(path, LakePaths.Mapping(given))) || !Path.Exists(given));

    /// <summary>Returns the codec that was given; null if none was.</summary>
    public LakeCodec? CodecOf(ParseResult parsed) => _codec.Of(parsed);

    /// <summary>Returns the trigger that was given; null if none was.</summary>
    public TimeSpan? TriggerOf(ParseResult parsed) => _trigger.Of(parsed);

    /// <summary>Creates the option <c>--time-zone</c>.</summary>
    /// <param name="when">Of which lake it is, as its help says it.</param>
    public static ParsedOption<string?> NewTimeZone(string when) =>
        ParsedOption.Of<string?>("--time-zone", $"Where the lake's days begin, such as Europe/Lisbon; {when} (UTC if not)", "ZONE", ParseTimeZone);

    private static string? ParseTimeZone(string text, out string? error)
    {
        try
        {
            TimeZoneFiles.Load(text);
            error = null;
        }
        catch (Exception failure) when (failure is TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            error = failure.Message.TrimEnd('.');
        }

        return text;
    }

    private static TimeSpan? ParseTrigger(string text, out string? error)
    {
        if (DurationText.TryParse(text, out TimeSpan trigger, out error) && (trigger < TriggerMin || trigger > TriggerMax))
        {
            error = "expected 1ms to 24h";
        }

        return trigger;
    }

    private static LakeCodec? ParseCodec(string text, out string? error)
    {
        LakeCodec? codec = text.ToUpperInvariant() switch
        {
            "SNAPPY" => LakeCodec.Snappy,
            "ZSTD" => LakeCodec.Zstd,
            "LZ4_RAW" => LakeCodec.Lz4Raw,
            "GZIP" => LakeCodec.Gzip,
            "BROTLI" => LakeCodec.Brotli,
            "NONE" => LakeCodec.None,
            _ => null,
        };
        error = codec is null ? "expected snappy, zstd, lz4_raw, gzip, brotli or none" : null;
        return codec;
    }
}
