namespace OrleansLake.Silo;

/// <summary>The reasons why a silo does not start, a line each. The first one decides the exit code, as in <c>lake validate</c>.</summary>
internal sealed class StartProblems : List<string>
{
    private int _exitCode = SiloExitCode.Usage;

    /// <summary>Adds one that is not of a setting but of what it names: a file that is not there, a folder of somebody else's.</summary>
    internal void AddOfEnvironment(string line)
    {
        _exitCode = Count == 0 ? SiloExitCode.Environment : _exitCode;
        Add(line);
    }

    /// <summary>Throws all of them, if there is any.</summary>
    internal void ThrowIfAny()
    {
        if (Count > 0)
        {
            throw new SiloStartException(_exitCode, string.Join(Environment.NewLine, this));
        }
    }
}
