using OrleansLake.Core;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;

namespace OrleansLake.Engine;

/// <summary>The summary of a source's ingest.</summary>
public sealed record IngestSummary
{
    /// <summary>Gets the number of messages accepted: durable in bronze.</summary>
    public long Accepted { get; init; }

    /// <summary>Gets the number of records rejected: kept in quarantine.</summary>
    public long Rejected { get; init; }

    /// <summary>Gets the rejected records by reason.</summary>
    public IReadOnlyDictionary<RejectionReason, long> RejectedByReason { get; init; } = new Dictionary<RejectionReason, long>();

    /// <summary>Gets the first rejected record of each reason.</summary>
    public IReadOnlyDictionary<RejectionReason, Rejection> FirstRejections { get; init; } = new Dictionary<RejectionReason, Rejection>();

    /// <summary>Gets a value indicating whether the source was not ingested, because it was already.</summary>
    public bool Skipped { get; init; }

    /// <summary>Gets the reason why it was skipped; null if it was not.</summary>
    public string? SkippedBecause { get; init; }

    /// <summary>Gets the number of the last record that was stored before, behind which a source continued; 0 if there was none.</summary>
    public long ResumedFrom { get; init; }

    /// <summary>Gets the number of bytes read from the source.</summary>
    public long Bytes { get; init; }

    /// <summary>Gets the duration.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>Gets the files that could not be read, or not to their end, each with the reason. What was read of them is ingested.</summary>
    public IReadOnlyList<string> UnreadableFiles { get; init; } = [];

    /// <summary>Gets the sentences of <see cref="Notes"/> on columns that files have nowhere: what they say up to the files' names, and the files.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> MissingColumns { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Gets the values of fields that no column takes, by the fields' names, nested ones by their paths.</summary>
    public IReadOnlyDictionary<string, long> LeftOut { get; init; } = new Dictionary<string, long>();

    /// <summary>Gets notes about the source, in sentences: columns that it has nowhere, files that were left out.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Returns the note on columns that files have nowhere.</summary>
    /// <param name="missing">What they lack.</param>
    /// <param name="files">The files.</param>
    public static string MissingNote(string missing, IReadOnlyList<string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return $"{missing} anywhere in {Named(files)}.";
    }

    /// <summary>Returns the note on fields that no column takes.</summary>
    /// <param name="fields">Their values, by their names.</param>
    /// <param name="files">The files.</param>
    /// <param name="keep">What the lake keeps.</param>
    internal static string LeftOutNote(IReadOnlyDictionary<string, long> fields, IReadOnlyList<string> files, KeptFields keep) =>
        $"{Named(files)}: {LeftOutFields.Describe(fields)}{((keep & KeptFields.Attributes) == 0 ? "; keep them by lake column keep attributes" : "")}.";

    private static string Named(IReadOnlyList<string> files) => files.Count == 1 ? files[0] : $"{files[0]} and {Counted.Of(files.Count - 1, "other")}";
}
