using OrleansLake.Core;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Partitions;

/// <summary>The step of a commit before its manifest is created.</summary>
internal static class CommitPublishing
{
    /// <summary>Publishes a commit's files under their names. A name that is there from an earlier attempt must have the same bytes.</summary>
    /// <exception cref="CorruptDataException">It has others.</exception>
    public static void Publish(ILakeStore store, PreparedCommit commit)
    {
        IReadOnlyList<PublishOutcome> outcomes = store.Publish(commit.Moves);
        for (int i = 0; i < outcomes.Count; i++)
        {
            if (outcomes[i] == PublishOutcome.Published)
            {
                continue;
            }

            // An earlier attempt linked it; a name is given to the same bytes only.
            CompletedFile expected = commit.Expected[i];
            if (store.Checksum(expected.Path) != expected)
            {
                // The commit stays as it is: if only the read went wrong, the next try completes it.
                throw new CorruptDataException(
                    expected.Path, -1, "it is there already, with other bytes than this commit wrote", "Try again; if it stays so, move the file away.");
            }

            store.Delete(commit.Moves[i].Temporary);
        }
    }
}
