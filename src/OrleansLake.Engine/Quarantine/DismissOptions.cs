namespace OrleansLake.Engine;

/// <summary>The options of a dismissal: which rejected records are dismissed, or opened again.</summary>
/// <param name="Wanted">The records.</param>
/// <param name="Reason">The reason why nobody sends them again; null: those that were dismissed are open again.</param>
public sealed record DismissOptions(IReadOnlyList<QuarantineRange> Wanted, string? Reason)
{
    /// <summary>The most characters of a reason.</summary>
    public const int ReasonCharactersMax = 1000;
}
