using System.Globalization;

namespace OrleansLake.Storage;

/// <summary>
/// The name of a data file of ours: <c>part-p00000-e0000000001-00000000000000000000-00000000000000001999.parquet</c>,
/// that is partition, owner and the first and last row. For quarantine, the frames' sequence numbers stand for the
/// rows. Names of one partition and owner sort by row.
/// </summary>
/// <param name="Partition">The partition.</param>
/// <param name="Epoch">The owner that wrote the file.</param>
/// <param name="First">The first row's offset.</param>
/// <param name="Last">The last row's offset.</param>
public readonly record struct DataFileName(PartitionId Partition, Epoch Epoch, long First, long Last)
{
    /// <summary>The extension of a finished data file.</summary>
    public const string Extension = ".parquet";

    /// <summary>The suffix of the name while the file is being written, so that no reader by folder takes it.</summary>
    public const string TemporarySuffix = ".tmp";

    private const int Length = 5 + 6 + 1 + 11 + 1 + 20 + 1 + 20;

    /// <summary>Returns the name without a folder.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"part-p{Partition.Value:D5}-e{Epoch.Value:D10}-{First:D20}-{Last:D20}{Extension}");

    /// <summary>Reads a name, with or without its folder, finished or temporary; false if it is none of ours.</summary>
    public static bool TryParse(ReadOnlySpan<char> path, out DataFileName name, out bool isTemporary)
    {
        name = default;
        ReadOnlySpan<char> text = path[(path.LastIndexOf('/') + 1)..];
        isTemporary = text.EndsWith(TemporarySuffix, StringComparison.Ordinal);
        text = isTemporary ? text[..^TemporarySuffix.Length] : text;
        if (!text.EndsWith(Extension, StringComparison.Ordinal))
        {
            return false;
        }

        text = text[..^Extension.Length];
        if (text.Length != Length || !text.StartsWith("part-p", StringComparison.Ordinal)
            || !text.Slice(11, 2).SequenceEqual("-e") || text[23] != '-' || text[44] != '-'
            || !LakePaths.TryParseDigits(text.Slice(6, 5), out long partition)
            || !LakePaths.TryParseDigits(text.Slice(13, 10), out long epoch)
            || !LakePaths.TryParseDigits(text.Slice(24, 20), out long first)
            || !LakePaths.TryParseDigits(text.Slice(45, 20), out long last))
        {
            return false;
        }

        name = new DataFileName(new PartitionId((int)partition), new Epoch(epoch), first, last);
        return true;
    }
}
