namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>A test in which a file may not be read; skipped, with the reason, where <see cref="UnprivilegedUser"/> cannot be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnprivilegedFactAttribute : FactAttribute
{
    public UnprivilegedFactAttribute() => Skip = UnprivilegedUser.ImpossibleBecause;
}
