using System.Globalization;
using OrleansLake.Core.Parsing;
using OrleansLake.Engine.Reading;
using OrleansLake.Storage.External;

namespace OrleansLake.Engine;

/// <summary>A Parquet file that another program put into bronze.</summary>
/// <param name="Path">Its path from the lake's root.</param>
/// <param name="State">What it is like now.</param>
public sealed record ExternalFile(string Path, ExternalFileState State)
{
    /// <summary>The reason why something may not be read, in the system's words.</summary>
    internal const string Denied = "Permission denied";

    /// <summary>The reason why files that go with an old generation are not taken over into the new one.</summary>
    internal const string StartedEmpty = "the lake was started empty";

    /// <summary>Gets the number of its rows that are in the lake.</summary>
    public long Rows { get; init; }

    /// <summary>Gets its length in bytes: when it was ingested, or of a new one now.</summary>
    public long Bytes { get; init; }

    /// <summary>Gets where its bytes are now, if it was renamed; else null.</summary>
    public string? RenamedTo { get; init; }

    /// <summary>Gets why it cannot be read or was refused, or what its bytes are known as; else null.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets a value indicating whether it may not be read and nothing of it was ingested: a file, or a folder.</summary>
    public bool IsUnknown { get; init; }

    /// <summary>Gets a value indicating whether it is a folder.</summary>
    internal bool IsFolder { get; init; }

    /// <summary>Gets its name as commands take it: the path from the bronze folder.</summary>
    public string Name => NameOf(Path);

    /// <summary>Gets a value indicating whether it was ingested and is no longer what it was, and nobody has accepted that.</summary>
    public bool IsUnsettled => !IsUnknown && (State is ExternalFileState.Gone or ExternalFileState.Changed or ExternalFileState.Renamed or ExternalFileState.Unreadable);

    /// <summary>Gets the state as programs get it: in lower case.</summary>
    public string StateName => NameOf(State);

    /// <summary>Describes in a sentence or two what has happened to it and what to do.</summary>
    public string Describe()
    {
        string rows = Rows switch
        {
            0 => "it had no rows",
            1 => "its row is in silver and stays",
            _ => string.Create(CultureInfo.InvariantCulture, $"its {Rows:N0} rows are in silver and stay"),
        };
        return State switch
        {
            ExternalFileState.Gone => $"{Path} is gone since it was ingested; {rows}. Put it back as it was, or run `{AcceptCommand}`.",
            ExternalFileState.Changed => $"{Path} holds other bytes than were ingested; {rows}, and what it holds now is not ingested. Put it back as it was, or run `{AcceptCommand}`: what it holds now is ingested then, unless its bytes were ingested before.",
            ExternalFileState.Renamed => $"{Path} was renamed to {RenamedTo} since it was ingested; {Counts}. Rename it back, or run `{AcceptCommand}`.",
            ExternalFileState.LeftOut => $"{Path} is left out: it {Reason}.",
            ExternalFileState.Unreadable when IsUnknown => $"{Path} cannot be read ({Detail}), so {(IsFolder ? "what is in it is" : "it is")} not ingested. Make it readable{(Path.StartsWith(LakePaths.BronzeData + "/", StringComparison.Ordinal) ? ", or move it away" : "")}.",
            ExternalFileState.Unreadable => $"{Path} cannot be read any more ({Detail}); {rows}. Make it readable, or run `{AcceptCommand}`.",
            ExternalFileState.Accepted => $"{Path} was accepted to be gone or changed; {rows}.",
            ExternalFileState.Refused => Refusal(Path, Reason),
            ExternalFileState.Known => $"{Path} adds no rows: its {Reason}, and count once. Nothing is to be done.",
            ExternalFileState.New => $"{Path} is not ingested yet.",
            _ => $"{Path} is what was ingested.",
        };
    }

    /// <summary>Describes that a file was refused, and what to do.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reason">Why, which may begin with the file itself.</param>
    internal static string Refusal(string path, string? reason)
    {
        string why = Why(path, reason) ?? "";
        return $"{path} was not ingested: {why}. {PathColumns.Advice(why) ?? $"{(why.Contains("--timestamp-format", StringComparison.Ordinal) ? "Move it out of bronze and ingest it so, or replace" : "Replace")} it by one that can be read, or remove it."}";
    }

    /// <summary>Gets why it was refused or cannot be read, without its name; else null.</summary>
    public string? Detail => Why(Path, Reason);

    // The rest of a sentence, in one style.
    private static string? Why(string path, string? reason)
    {
        string? why = reason is not null && (reason.StartsWith(path + ": ", StringComparison.Ordinal) || reason.StartsWith(path + ", ", StringComparison.Ordinal)) ? reason[(path.Length + 2)..] : reason;
        why = why?.StartsWith("The ", StringComparison.Ordinal) == true ? $"t{why[1..]}" : why;
        return why?.TrimEnd('.');
    }

    /// <summary>Returns the files to be settled or read: files that are not what they were, and what may not be read.</summary>
    /// <param name="scans">What each partition knows from one scan.</param>
    internal static List<ExternalFile> Open(IReadOnlyList<ExternalScan> scans)
    {
        List<ExternalFile> faults = Of(scans.SelectMany(scan => scan.Faults));
        return
        [
            .. faults,
            .. scans.SelectMany(scan => scan.LeftOut).Where(left => left.IsUnreadable && !faults.Exists(file => file.Path == left.Path)).Distinct().Select(Of),
        ];
    }

    /// <summary>Returns the files that are not what they were, each with the rows of all partitions.</summary>
    internal static List<ExternalFile> Of(IEnumerable<ExternalFault> faults)
    {
        // Mostly there are none; grouping by a tuple is compiled at the first use, which is every start.
        ExternalFault[] all = [.. faults];
        return all.Length == 0 ? [] :
        [
            .. all.GroupBy(static fault => (fault.Entry.File.Name, fault.Entry.File.Size, fault.Entry.File.Crc32C))
                .Select(static shares => Of(shares.First()) with { Rows = shares.Sum(static share => share.Entry.File.Rows) })
                .OrderBy(static file => file.Path, StringComparer.Ordinal),
        ];
    }

    /// <summary>Returns the files that add no rows, since their bytes were ingested before; mostly there are none.</summary>
    /// <param name="scans">What each partition knows from one scan.</param>
    internal static List<ExternalFile> Known(IReadOnlyList<ExternalScan> scans)
    {
        var files = new List<ExternalFile>();
        foreach (ExternalScan scan in scans)
        {
            foreach (KnownExternalFiles known in scan.Known)
            {
                if (!files.Exists(file => file.Path == known.File.Path))
                {
                    files.Add(new ExternalFile(known.File.Path, ExternalFileState.Known)
                    {
                        Bytes = known.File.Length,
                        Reason = $"bytes were ingested as {NameOf(known.Entry.File.Name)}, which was accepted",
                    });
                }
            }
        }

        return files;
    }

    internal static ExternalFile Of(LeftOutEntry left) => new(left.Path, left.IsUnreadable ? ExternalFileState.Unreadable : ExternalFileState.LeftOut)
    {
        Reason = left.Reason,
        IsUnknown = left.IsUnreadable,
        IsFolder = left.IsFolder,
        Bytes = left.File?.Length ?? 0,
    };

    internal static ExternalFile Of(ExternalFault fault) => new(
        fault.Entry.File.Name,
        fault.Kind switch
        {
            ExternalFaultKind.Gone => ExternalFileState.Gone,
            ExternalFaultKind.Changed => ExternalFileState.Changed,
            ExternalFaultKind.Renamed => ExternalFileState.Renamed,
            _ => ExternalFileState.Unreadable,
        })
    {
        Rows = fault.Entry.File.Rows,
        Bytes = fault.Entry.File.Size,
        RenamedTo = fault.Kind == ExternalFaultKind.Renamed ? fault.Found?.Path : null,
        Reason = fault.Reason ?? fault switch
        {
            { Kind: ExternalFaultKind.Changed, Found: { } now } => string.Create(CultureInfo.InvariantCulture, $"it holds {now.Length:N0} bytes now, which are others; rows and bytes here are those that were ingested"),
            { Kind: ExternalFaultKind.Gone } => "it is not there any more",
            _ => null,
        },
    };

    /// <summary>Returns a state as programs get it: in lower case.</summary>
    public static string NameOf(ExternalFileState state) => state switch
    {
        ExternalFileState.Taken => "taken",
        ExternalFileState.New => "new",
        ExternalFileState.Refused => "refused",
        ExternalFileState.Gone => "gone",
        ExternalFileState.Changed => "changed",
        ExternalFileState.Renamed => "renamed",
        ExternalFileState.Unreadable => "unreadable",
        ExternalFileState.LeftOut => "left out",
        ExternalFileState.Known => "known",
        _ => "accepted",
    };

    private static string NameOf(string path) =>
        path.StartsWith(LakePaths.BronzeData + "/", StringComparison.Ordinal) ? path[(LakePaths.BronzeData.Length + 1)..] : path;

    private string Counts => Rows switch
    {
        0 => "it had no rows",
        1 => "its row is in silver and counts once",
        _ => string.Create(CultureInfo.InvariantCulture, $"its {Rows:N0} rows are in silver and count once"),
    };

    private string AcceptCommand => $"lake bronze accept {ShownText.InShell(Name)}";
}
