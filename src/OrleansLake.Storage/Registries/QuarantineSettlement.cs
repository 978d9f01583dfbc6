namespace OrleansLake.Storage.Registries;

/// <summary>The settlement of a rejected record: it is open until it was replayed or dismissed.</summary>
/// <param name="IsReplayed">Whether messages were accepted in its place.</param>
/// <param name="DismissedBecause">The reason why nobody sends it again; null if it was not dismissed.</param>
public readonly record struct QuarantineSettlement(bool IsReplayed, string? DismissedBecause)
{
    /// <summary>Gets a value indicating whether somebody still has to decide about it.</summary>
    public bool IsOpen => !IsReplayed && DismissedBecause is null;

    /// <summary>Gets what became of a record by the registries of every partition: the messages in its place may be in another than its own.</summary>
    internal static QuarantineSettlement Of(QuarantineId id, IEnumerable<Registry> registries)
    {
        ArgumentNullException.ThrowIfNull(registries);
        string? dismissed = null;
        foreach (Registry registry in registries)
        {
            if (registry.IsReplayed(id))
            {
                return new QuarantineSettlement(true, null);
            }

            dismissed ??= registry.DismissedBecause(id);
        }

        return new QuarantineSettlement(false, dismissed);
    }
}
