namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>A test that needs a read-only folder; skipped, with the reason, where there can be none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadOnlyFolderFactAttribute : FactAttribute
{
    public ReadOnlyFolderFactAttribute() => Skip = ReadOnlyFolder.ImpossibleBecause;
}
