using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OrleansLake.Storage;

/// <summary>Every name in a lake's folder, in one place. Paths are relative to the lake's root.</summary>
public static class LakePaths
{
    private const string OwnerSuffix = ".owner";
    private const string MappingExtension = ".json";

    /// <summary>The description of a lake; linked last when it is created.</summary>
    public const string Description = "lake.json";

    /// <summary>The countries table.</summary>
    public const string Countries = "countries.csv";

    /// <summary>The mappings by which records become messages.</summary>
    public const string Mappings = "mappings";

    /// <summary>Bronze Parquet, ours and external.</summary>
    public const string BronzeData = "bronze/messages/data";

    /// <summary>The bronze log.</summary>
    public const string BronzeLog = "bronze/messages/log";

    /// <summary>Manifests, snapshots, registries.</summary>
    public const string Checkpoint = "bronze/messages/checkpoint/lake";

    /// <summary>The lock that one process holds.</summary>
    public const string Lock = Checkpoint + "/lock";

    /// <summary>The locks of the silos that run the lake, one each.</summary>
    public const string SiloClaims = Checkpoint + "/silos";

    /// <summary>The sources that are paused.</summary>
    public const string Sources = Checkpoint + "/sources.json";

    /// <summary>Silver.</summary>
    public const string Silver = "silver";

    /// <summary>Silver: messages with an event type.</summary>
    public const string MessagesData = "silver/messages/data";

    /// <summary>Silver: messages without one.</summary>
    public const string MessagesCorruptedData = "silver/messages_corrupted/data";

    /// <summary>The reports.</summary>
    public const string Gold = "gold";

    /// <summary>Rejected input.</summary>
    public const string Quarantine = "quarantine";

    /// <summary>The date folder of rows without a date, as Spark and Hive call it.</summary>
    public const string DefaultDate = "__HIVE_DEFAULT_PARTITION__";

    /// <summary>The ledger as a table in gold, beside the reports.</summary>
    public const string Ledger = "ledger";

    /// <summary>Returns the file of a mapping.</summary>
    public static string Mapping(string name) => $"{Mappings}/{name}{MappingExtension}";

    /// <summary>Reads the name of a mapping from its file's path; false if it is another file.</summary>
    public static bool TryParseMapping(string path, [NotNullWhen(true)] out string? name)
    {
        ArgumentNullException.ThrowIfNull(path);
        name = path.StartsWith(Mappings + "/", StringComparison.Ordinal) && path.EndsWith(MappingExtension, StringComparison.Ordinal)
            ? path[(Mappings.Length + 1)..^MappingExtension.Length] : null;
        return name is not null;
    }

    /// <summary>Returns the lock of a silo.</summary>
    public static string SiloClaim(Guid id) => $"{SiloClaims}/silo-{id:N}";

    /// <summary>Returns whether a path is a silo's lock, and not a file beside it.</summary>
    public static bool IsSiloClaim(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.LastIndexOf('/') is > 0 and int slash && path.AsSpan(slash + 1).StartsWith("silo-", StringComparison.Ordinal) && !path.EndsWith(OwnerSuffix, StringComparison.Ordinal);
    }

    /// <summary>Returns what a lock's owner says about itself, where that is a file of its own.</summary>
    public static string OwnerOf(string lockPath) => lockPath + OwnerSuffix;

    /// <summary>Returns a report's one file.</summary>
    public static string GoldFile(string report) => $"{Gold}/{report}/data/{report}{DataFileName.Extension}";

    /// <summary>Returns the name of a report's file while an owner writes it.</summary>
    public static string GoldTemporary(string report, Epoch epoch) => TemporaryOf(GoldFile(report), epoch);

    /// <summary>Returns the folder of a kind of data.</summary>
    public static string DataFolder(DataKind kind) => kind switch
    {
        DataKind.Bronze => BronzeData,
        DataKind.Messages => MessagesData,
        DataKind.MessagesCorrupted => MessagesCorruptedData,
        DataKind.Quarantine => Quarantine,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind of data"),
    };

    /// <summary>Returns a data file's path.</summary>
    /// <param name="kind">What it holds.</param>
    /// <param name="date">Silver only: the date (<c>yyyy-MM-dd</c>), or <see cref="DefaultDate"/>.</param>
    /// <param name="name">The file's name.</param>
    public static string DataFile(DataKind kind, string? date, DataFileName name) =>
        date is null ? $"{DataFolder(kind)}/{name}" : $"{DataFolder(kind)}/date={date}/{name}";

    /// <summary>Returns the name of a file while it is being written.</summary>
    public static string Temporary(string path) => path + DataFileName.TemporarySuffix;

    /// <summary>Returns the name of a file while an owner writes it, if its own name does not hold the owner.</summary>
    public static string TemporaryOf(string path, Epoch epoch) => string.Create(
        CultureInfo.InvariantCulture, $"{path}.e{epoch.Value:D10}{DataFileName.TemporarySuffix}");

    /// <summary>Returns the folder of a partition's log.</summary>
    public static string LogFolder(PartitionId partition) =>
        string.Create(CultureInfo.InvariantCulture, $"{BronzeLog}/p{partition.Value:D5}");

    /// <summary>Returns a segment of the log.</summary>
    public static string Segment(PartitionId partition, Epoch epoch, long number) => string.Create(
        CultureInfo.InvariantCulture, $"{LogFolder(partition)}/segment-e{epoch.Value:D10}-{number:D10}.log");

    /// <summary>Reads a segment's path; false if it is none.</summary>
    public static bool TryParseSegment(ReadOnlySpan<char> path, out Epoch epoch, out long number)
    {
        epoch = default;
        number = 0;
        ReadOnlySpan<char> text = path[(path.LastIndexOf('/') + 1)..];
        if (text.Length != 34 || !text.StartsWith("segment-e", StringComparison.Ordinal) || text[19] != '-'
            || !text.EndsWith(".log", StringComparison.Ordinal)
            || !TryParseDigits(text.Slice(9, 10), out long owner) || !TryParseDigits(text.Slice(20, 10), out number))
        {
            return false;
        }

        epoch = new Epoch(owner);
        return true;
    }

    /// <summary>Returns the folder of a partition's manifests, snapshots and registry.</summary>
    public static string CheckpointFolder(PartitionId partition) =>
        string.Create(CultureInfo.InvariantCulture, $"{Checkpoint}/p{partition.Value:D5}");

    /// <summary>Returns the folder of a partition's epochs.</summary>
    public static string EpochFolder(PartitionId partition) => CheckpointFolder(partition) + "/epochs";

    /// <summary>Returns the file whose creation makes an owner.</summary>
    public static string EpochFile(PartitionId partition, Epoch epoch) => string.Create(
        CultureInfo.InvariantCulture, $"{EpochFolder(partition)}/epoch-{epoch.Value:D10}");

    /// <summary>Returns the folder of a partition's manifests.</summary>
    public static string ManifestFolder(PartitionId partition) => CheckpointFolder(partition) + "/manifests";

    /// <summary>Returns a manifest.</summary>
    public static string Manifest(PartitionId partition, long number) => string.Create(
        CultureInfo.InvariantCulture, $"{ManifestFolder(partition)}/manifest-{number:D20}.json");

    /// <summary>Returns the folder of a partition's snapshots, registry and base lists.</summary>
    public static string StateFolder(PartitionId partition) => CheckpointFolder(partition) + "/state";

    /// <summary>Returns a file of the state that a manifest names.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="role">What it holds: <c>files</c>, <c>snapshot</c>, <c>registry</c>.</param>
    /// <param name="epoch">The owner that wrote it.</param>
    /// <param name="manifest">The manifest that it was first written for.</param>
    /// <param name="part">Distinguishes files of one role that were written for one manifest.</param>
    public static string State(PartitionId partition, string role, Epoch epoch, long manifest, int part) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{StateFolder(partition)}/{role}-e{epoch.Value:D10}-{manifest:D20}-{part:D4}");

    /// <summary>Reads the owner and the manifest in a state file's path, finished or temporary; false if it is none.</summary>
    internal static bool TryParseState(ReadOnlySpan<char> path, out Epoch epoch, out long manifest)
    {
        manifest = 0;
        ReadOnlySpan<char> text = path[(path.LastIndexOf('/') + 1)..];
        int dash = text.IndexOf("-e", StringComparison.Ordinal);
        return TryParseEpoch(path, out epoch) && dash > 0 && text.Length >= dash + 33 && text[dash + 12] == '-'
            && TryParseDigits(text.Slice(dash + 13, 20), out manifest);
    }

    /// <summary>Returns the owner in a name that holds <c>-e</c> or <c>.e</c> and ten digits; false if there is none.</summary>
    public static bool TryParseEpoch(ReadOnlySpan<char> path, out Epoch epoch)
    {
        ReadOnlySpan<char> text = path[(path.LastIndexOf('/') + 1)..];
        for (int i = 1; i + 10 < text.Length; i++)
        {
            if (text[i] == 'e' && text[i - 1] is '-' or '.' && TryParseDigits(text.Slice(i + 1, 10), out long owner))
            {
                epoch = new Epoch(owner);
                return true;
            }
        }

        epoch = default;
        return false;
    }

    /// <summary>Returns the number after a prefix and before the name's end or its extension; false if there is none.</summary>
    internal static bool TryParseNumber(ReadOnlySpan<char> path, string prefix, string extension, out long number)
    {
        ReadOnlySpan<char> text = path[(path.LastIndexOf('/') + 1)..];
        number = 0;
        return text.Length > prefix.Length + extension.Length
            && text.StartsWith(prefix, StringComparison.Ordinal) && text.EndsWith(extension, StringComparison.Ordinal)
            && TryParseDigits(text[prefix.Length..^extension.Length], out number);
    }

    internal static bool TryParseDigits(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
