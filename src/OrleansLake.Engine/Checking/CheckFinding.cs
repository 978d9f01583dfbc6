namespace OrleansLake.Engine;

/// <summary>One thing that was checked.</summary>
/// <param name="Name">What.</param>
/// <param name="Expected">What it should be.</param>
/// <param name="Found">What it is.</param>
/// <param name="IsRight">Whether the two agree.</param>
public sealed record CheckFinding(string Name, string Expected, string Found, bool IsRight)
{
    /// <summary>The name of findings about external bronze files.</summary>
    public const string ExternalFile = "external file";

    /// <summary>
    /// Gets a value indicating whether bytes that the lake relies on are not what was written: the lake is damaged, and not only what is
    /// derived from it.
    /// </summary>
    public bool IsDamage { get; init; }

    /// <summary>
    /// Gets a value indicating whether it is a file of gold as of an earlier commit, as left by an owner that ended before it could write gold:
    /// who runs the lake next writes it.
    /// </summary>
    public bool IsBehind { get; init; }

    /// <summary>Makes what a check finds of an external bronze file.</summary>
    internal static CheckFinding Of(ExternalFile file) => new(ExternalFile, file.IsUnknown ? "readable" : "as it was ingested", file.Describe(), false);
}
