namespace OrleansLake.Engine;

/// <summary>What a check found.</summary>
/// <param name="Findings">Everything that was checked, what is wrong included.</param>
public sealed record CheckResult(IReadOnlyList<CheckFinding> Findings)
{
    /// <summary>Whether everything is right.</summary>
    public bool Passed => Findings.All(finding => finding.IsRight);
}
