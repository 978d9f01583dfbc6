namespace OrleansLake.Server;

/// <summary>A server cannot be started like this; the message says what to change.</summary>
public sealed class ServeSettingsException : Exception
{
    /// <summary>Initializes the exception with what to change, and the exception that it was noticed by.</summary>
    public ServeSettingsException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    private ServeSettingsException(IReadOnlyList<ServeSettingsException> problems)
        : base(string.Join(' ', problems.Select(static problem => problem.Message)), problems[0].InnerException) =>
        Problems = [.. problems.SelectMany(static problem => problem.Problems.Count > 0 ? problem.Problems : [problem.Message])];

    /// <summary>Gets what is to be changed, one sentence or two for each problem; none if there is one problem only, which the message is.</summary>
    public IReadOnlyList<string> Problems { get; } = [];

    /// <summary>Throws what was found, if anything was.</summary>
    internal static void ThrowIfAny(IReadOnlyList<ServeSettingsException> problems)
    {
        if (problems.Count > 0)
        {
            throw problems.Count == 1 ? problems[0] : new ServeSettingsException(problems);
        }
    }
}
