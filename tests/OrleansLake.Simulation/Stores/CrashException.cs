namespace OrleansLake.Simulation.Stores;

/// <summary>The process has stopped here: nothing that it does afterwards reaches the store.</summary>
public sealed class CrashException : Exception
{
    public CrashException()
        : this("the process has crashed")
    {
    }

    public CrashException(string message)
        : base(message)
    {
    }

    public CrashException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
