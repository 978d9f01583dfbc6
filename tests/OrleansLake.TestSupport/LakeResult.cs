namespace OrleansLake.TestSupport;

/// <summary>The result of a call of <c>lake</c>. A process ended by a signal has the exit code 128 and the signal's number.</summary>
public sealed record LakeResult(int ExitCode, string Output, string Error, TimeSpan Elapsed)
{
    /// <summary>Standard output by line, without the empty one at its end.</summary>
    public IReadOnlyList<string> Lines => Output.Length == 0 ? [] : Output.TrimEnd('\n').Split('\n');
}
