namespace OrleansLake.Engine;

/// <summary>The result of a check.</summary>
/// <param name="Findings">Everything that was checked, what is wrong included.</param>
public sealed record CheckResult(IReadOnlyList<CheckFinding> Findings)
{
    /// <summary>Gets a value indicating whether the lake is damaged.</summary>
    public bool IsDamaged => Findings.Any(finding => finding is { IsRight: false, IsDamage: true });

    /// <summary>Gets a value indicating whether nothing is wrong except that gold, or a file of it, is as of an earlier commit.</summary>
    public bool IsOnlyBehind => !Passed && Findings.All(finding => finding.IsRight || finding.IsBehind);

    /// <summary>Gets a value indicating whether everything is right.</summary>
    public bool Passed => Findings.All(finding => finding.IsRight);
}
