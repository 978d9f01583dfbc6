using OrleansLake.Storage.Manifests;

namespace OrleansLake.Storage.Partitions;

/// <summary>The rules of every commit: it continues from the one before, up to what is durable, and its ledger closes.</summary>
internal static class CommitRules
{
    /// <summary>Throws <see cref="ArgumentException"/> where one of them does not.</summary>
    /// <param name="draft">What is to be committed.</param>
    /// <param name="current">The commit before.</param>
    /// <param name="durable">Up to where the log is durable.</param>
    public static void Check(CommitDraft draft, Manifest current, LogPosition durable)
    {
        if (draft.Applied < current.Applied || draft.Applied > durable || draft.Applied.Offset < current.Applied.Offset)
        {
            throw new ArgumentException(
                $"{draft.Applied} is not between {current.Applied}, which was committed, and the log's end", nameof(draft));
        }

        if (!draft.Ledger.Total.IsClosed)
        {
            throw new ArgumentException("bronze is not messages + messages_corrupted", nameof(draft));
        }

        var removed = new HashSet<string>([.. draft.Removed, .. draft.RemovedExternal], StringComparer.Ordinal);
        foreach (NewDataFile file in (IEnumerable<NewDataFile>)[.. draft.Files, .. draft.LinkedFiles])
        {
            if (removed.Contains(file.File.Path))
            {
                throw new ArgumentException($"{file.File.Path} is both removed and added", nameof(draft));
            }
        }
    }
}
