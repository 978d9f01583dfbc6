namespace OrleansLake.Client;

/// <summary>The query of a live view: what is watched.</summary>
public sealed record LiveQuery
{
    /// <summary>Gets the reports, each once.</summary>
    public required IReadOnlyList<LiveReportQuery> Reports
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Reports));
            field = value.Contains(null!) ? throw new ArgumentNullException(nameof(Reports), "One of the reports is null.") : value;
        }
    }

    /// <summary>Gets a value indicating whether <see cref="LiveStatus"/> comes along.</summary>
    public bool WithStatus { get; init; }

    /// <summary>
    /// Gets the position of the last update that was seen: it continues from there if that is still known, and starts with
    /// snapshots otherwise.
    /// </summary>
    public LakePosition? After { get; init; }
}
