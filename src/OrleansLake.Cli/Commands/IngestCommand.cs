using System.CommandLine;
using System.Globalization;
using System.Text;
using OrleansLake.Cli.Hosting;
using OrleansLake.Cli.Output;
using OrleansLake.Cli.Results;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Time;
using OrleansLake.Engine;
using OrleansLake.Storage;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake ingest</c>: files, folders or stdin into bronze.</summary>
internal sealed class IngestCommand : LakeCommand
{
    private const string StandardInput = "-";
    private const string FormatNames = "ndjson|json|csv|tsv|parquet|form";

    private readonly Argument<string[]> _sources = new("FILE")
    {
        Description = "JSON, CSV or TSV with a header, packed with gzip or zstd or not, Parquet, a folder of Parquet files, a pipe, or - for stdin",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _run = new("--run") { Description = "Let silver and gold follow while it reads; publish everything at the end" };
    private readonly Option<bool> _again = new("--again") { Description = "Ingest a file again that was ingested before" };
    private readonly Option<bool> _acks = new("--acks") { Description = "Print the count of messages that are durable, as it grows" };
    private readonly ParsedOption<string?> _producer = ParsedOption.Of<string?>(
        "--producer", "Who sends: with --batch, FILE is stored once however often it is sent", "NAME", ParseProducer);
    private readonly ParsedOption<long?> _batch = ParsedOption.Of<long?>("--batch", "The number of FILE among the producer's; numbers go up", "N", ParseBatch);
    private readonly ParsedOption<IngestFormat?> _format = NewFormat();
    private readonly ParsedOption<TimestampFormat?> _timestampFormat = TimestampFormatOption.New();
    private readonly LakeCreationOptions _making;

    // Messages of the source that is read now.
    private long _stored;

    public IngestCommand(Terminal terminal)
        : base("ingest", "Ingest messages into bronze.", terminal)
    {
        Arguments.Add(_sources);
        Options.Add(_format);
        Options.Add(_timestampFormat);
        Options.Add(_run);
        Options.Add(_again);
        Options.Add(_acks);
        Options.Add(_producer);
        Options.Add(_batch);
        _making = new LakeCreationOptions(this, withTrigger: true, withMapping: true);
    }

    /// <summary>Creates the option that names the format of a source.</summary>
    public static ParsedOption<IngestFormat?> NewFormat()
    {
        ParsedOption<IngestFormat?> format = ParsedOption.Of<IngestFormat?>(
            "--format", "The format of FILE, where its first bytes and its name do not show it", FormatNames, ParseFormat);
        format.CompletionSources.Add(FormatNames.Split('|'));
        return format;
    }

    public override IReadOnlyList<string> Remarks =>
    [
        "Timestamps are RFC 3339, or as in 2024-12-16 12:01:05.123, then in the lake's zone;",
        "--timestamp-format accepts others, such as epoch-ms or \"dd/MM/yyyy HH:mm:ss\".",
        "JSON may be lines, an array, values one after another or pretty-printed. What is not a",
        "message is rejected: it is kept in quarantine, summed up by reason, and makes the",
        "exit code 1; the rest is ingested. A file that was ingested before is skipped, one",
        "that was cut off or has grown continues where it was; so does a batch of a producer,",
        "stdin as well, when it is sent again. Without --run, `lake run` publishes silver",
        "and gold. What is ingested how: docs/ingest.md.",
    ];

    public override IReadOnlyList<string> Examples =>
    [
        "lake ingest events.ndjson.gz --run",
        "lake ingest monday.csv tuesday.csv && lake run --until-caught-up",
        "lake ingest export.txt --format tsv --timestamp-format epoch-s",
        "lake produce --count 1M | lake ingest - --acks",
        "lake ingest - --producer billing --batch 17 < outbox/17.ndjson",
    ];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string[] named = [.. parsed.GetValue(_sources)!.Select(SystemPath.Of)];
        string[] sources = Readable(named, _making.CountriesOf(parsed));
        if (sources.Length == 0)
        {
            return ExitCode.Failed;
        }

        string path = GlobalOptions.PathOf(parsed);
        bool printsAcknowledged = parsed.GetValue(_acks);
        IngestOptions options = new()
        {
            Again = parsed.GetValue(_again),
            Format = _format.Of(parsed),
            TimestampFormat = _timestampFormat.Of(parsed),
            Key = KeyOf(parsed, named),
            Files = new NamedFiles(),
            FollowUp = parsed.GetValue(_run),
            Acknowledged = count => Acknowledge(count, printsAcknowledged),
        };
        LakeOptions opening = _making.ToLakeOptions(parsed, path) with { MappingFile = null };
        MessageMapping? file = await _making.MappingOfAsync(parsed, path, cancellationToken).ConfigureAwait(false);
        await using Lake lake = await Lake.OpenAsync(opening with { Mapping = Path.Exists(Path.Join(path, LakePaths.Description)) ? null : file }, cancellationToken).ConfigureAwait(false);
        options = options with { Mapping = file ?? (_making.MappingNameOf(parsed) is { } name ? MappingNames.Find(lake.Mappings, name) : null) };
        bool isAllTaken = sources.Length == named.Length;
        var missing = new Dictionary<string, List<string>>();
        try
        {
            foreach (string source in Distinct(sources))
            {
                _stored = 0;
                IngestSummary summary = await IngestAsync(lake, source, options, cancellationToken).ConfigureAwait(false);
                IngestText.Write(Terminal.Error, PipeInput.NameOf(source), path, summary, sources.Length > 1 ? missing : null);
                isAllTaken &= summary is { Rejected: 0, UnreadableFiles.Count: 0 };
            }
        }
        finally
        {
            foreach ((string columns, List<string> files) in missing)
            {
                Terminal.Error.WriteLine($"note: {DisplayWidth.Printable(IngestSummary.MissingNote(columns, files))}");
            }
        }

        foreach (string notice in lake.TakeNotices())
        {
            Terminal.Error.WriteLine($"note: {DisplayWidth.Printable(notice)}");
        }

        if (!options.FollowUp && Terminal.IsErrorTerminal && lake.Status is { PendingRows: > 0 } status)
        {
            Terminal.Error.WriteLine($"{Figures.Count(status.PendingRows, "message")} wait for `lake run` to publish silver and gold.");
        }

        if (LedgerText.OpenRecords(lake.Status.RejectedUnresolved) is { Length: > 0 } open)
        {
            Terminal.Error.WriteLine(open);
        }

        return isAllTaken ? ExitCode.Done : ExitCode.Failed;
    }

    private SendKey? KeyOf(ParseResult parsed, string[] sources)
    {
        string? producer = _producer.Of(parsed);
        long? batch = _batch.Of(parsed);
        if ((producer is null) != (batch is null))
        {
            throw new UsageException("--producer and --batch go together.");
        }

        if (producer is null)
        {
            return null;
        }

        if (sources.Length != 1 || Directory.Exists(sources[0]))
        {
            throw new UsageException("--batch numbers one file, or standard input.");
        }

        return SendKey.Batch(producer, batch!.Value);
    }

    private static IngestFormat? ParseFormat(string text, out string? error)
    {
        error = null;
        switch (text.ToUpperInvariant())
        {
            case "NDJSON":
                return IngestFormat.Ndjson;
            case "JSON":
                return IngestFormat.Json;
            case "CSV":
                return IngestFormat.Csv;
            case "TSV":
                return IngestFormat.Tsv;
            case "PARQUET":
                return IngestFormat.Parquet;
            case "FORM":
                return IngestFormat.Form;
            default:
                error = $"expected one of {FormatNames}";
                return null;
        }
    }

    private static string? ParseProducer(string text, out string? error)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        error = bytes is > 0 and <= 255 ? null : "expected a name of 1 to 255 bytes";
        return text;
    }

    private static long? ParseBatch(string text, out string? error)
    {
        bool isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number);
        error = isNumber ? null : "expected a whole number from 0";
        return number;
    }

    // What cannot be opened by its name is reported and left out; what is not there ends the command.
    private string[] Readable(string[] sources, string? countries)
    {
        if (sources.Count(PipeInput.IsStandardInput) > 1)
        {
            throw new UsageException("standard input (-) can be read once only.");
        }

        if (countries is not null && PipeInput.IsStandardInput(countries) && sources.Any(PipeInput.IsStandardInput))
        {
            throw new UsageException("standard input can be read once only, and --countries would read it too; name a file there.");
        }

        if (sources.Contains(StandardInput) && OperatingSystem.IsLinux() && Directory.Exists("/dev/stdin"))
        {
            throw new UsageException("standard input is a folder; name it as FILE.");
        }

        var readable = new List<string>();
        foreach (string source in sources)
        {
            PipeInput.ThrowIfClosed(source);

            // Before anything is ingested: a name that is mistyped should not leave half of a command done.
            if (source != StandardInput && !SystemPath.IsThere(source))
            {
                if (source.Contains('\uFFFD', StringComparison.Ordinal))
                {
                    Terminal.Error.WriteLine($"{DisplayWidth.Printable(source)}: the name is not UTF-8, so it cannot be opened; rename it, or pipe it in if it is a file (lake ingest - < FILE).");
                    continue;
                }

                ThrowIfHidden(source);
                throw new FileNotFoundException(new FileInfo(source).LinkTarget is { } target
                    ? $"{source}: it is a link that leads nowhere ({target})." : $"{source}: no such file or folder.");
            }

            if (source != StandardInput && FileIdentity.Of(source) is { IsUnreadable: true } special)
            {
                throw new UsageException($"{source} is {special.KindName}, and messages cannot be read from it; name a file, a folder, a pipe or - for standard input.");
            }

            readable.Add(source);
        }

        return [.. readable];
    }

    // Where a folder above it may not be looked into, nobody knows whether it is there.
    private static void ThrowIfHidden(string source)
    {
        try
        {
            _ = File.GetAttributes(source);
        }
        catch (UnauthorizedAccessException)
        {
            throw new UnauthorizedAccessException($"{source} cannot be read: Permission denied. Let this user read the folder that it is in.");
        }
        catch (IOException)
        {
            // It is not there.
        }
    }

    // Each once, whatever its names: two of them may be links to one file.
    private List<string> Distinct(string[] sources)
    {
        var known = new Dictionary<FileIdentity, string>();
        var distinct = new List<string>();
        foreach (string source in sources)
        {
            if (PipeInput.IsStream(source) || FileIdentity.Of(source) is not { } identity || known.TryAdd(identity, source))
            {
                distinct.Add(source);
            }
            else
            {
                Terminal.Error.WriteLine(DisplayWidth.Printable(known[identity] == source
                    ? $"{source} is named twice; it is ingested once." : $"{source} is the same file as {known[identity]}; it is ingested once."));
            }
        }

        return distinct;
    }

    private async Task<IngestSummary> IngestAsync(Lake lake, string source, IngestOptions options, CancellationToken cancellationToken)
    {
        using PipeInput? pipe = PipeInput.IsStream(source) ? await PipeInput.OpenAsync(source, cancellationToken).ConfigureAwait(false) : null;
        IngestSource from = pipe is not null ? (PipeInput.IsStandardInput(source) ? new IngestInput(pipe) : new IngestInput(pipe, source))
            : Directory.Exists(source) ? new IngestFolder(source) : new IngestFile(source);
        using ProgressLine line = new(Terminal, TimeProvider.System);
        ImmediateProgress<IngestProgress> progress = new(report => line.Show(
            () => IngestText.Progress(report, line.Elapsed),
            report.BytesTotal is > 0 and { } total ? (double)report.Bytes / total : null));
        try
        {
            return await lake.IngestAsync(from, options, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (options.FollowUp && _stored > 0 && e is UnauthorizedAccessException or IOException)
        {
            // Silver or gold could not be written.
            Terminal.Error.WriteLine($"{Figures.Count(_stored, "message")} of {DisplayWidth.Printable(PipeInput.NameOf(source))} {(_stored == 1 ? "is" : "are")} stored; `lake run` publishes {(_stored == 1 ? "it" : "them")} once this is put right:");
            throw;
        }
    }

    private void Acknowledge(long count, bool isPrinted)
    {
        _stored = count;
        if (!isPrinted)
        {
            return;
        }

        lock (Terminal.Out)
        {
            Terminal.Out.WriteLine(count);
            Terminal.Out.Flush();
        }
    }
}
