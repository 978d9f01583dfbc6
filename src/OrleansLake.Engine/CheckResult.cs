namespace OrleansLake.Engine;

/// <summary>What a check found.</summary>
/// <param name="Findings">Everything that was checked, what is wrong included.</param>
public sealed record CheckResult(IReadOnlyList<CheckFinding> Findings)
{
    /// <summary>Whether the lake is damaged.</summary>
    public bool IsDamaged => Findings.Any(finding => finding is { IsRight: false, IsDamage: true });

    /// <summary>Whether nothing is wrong but that gold, or a file of it, is as of an earlier commit.</summary>
    public bool IsOnlyBehind => !Passed && Findings.All(finding => finding.IsRight || finding.IsBehind);

    /// <summary>Whether everything is right.</summary>
    public bool Passed => Findings.All(finding => finding.IsRight);
}
