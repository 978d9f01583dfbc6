namespace OrleansLake.TestSupport;

/// <summary>One call of the <c>lake</c> command.</summary>
public sealed record LakeCall(params string[] Arguments)
{
    /// <summary>The folder that it runs in; the test's own when null.</summary>
    public string? WorkingFolder { get; init; }

    /// <summary>The text on its standard input; nothing when null.</summary>
    public byte[]? Input { get; init; }

    /// <summary>Keeps standard input open for <see cref="LakeProcess.Input"/>.</summary>
    public bool InputStaysOpen { get; init; }

    /// <summary>Environment variables set for it; a null value takes one away.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>After this long it is killed and the test fails.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>A program (with its arguments) that starts it, such as one that takes rights away.</summary>
    public string[] Through { get; init; } = [];
}
