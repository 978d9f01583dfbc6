namespace OrleansLake.Server.Hosting;

/// <summary>The callback that runs while the server, which has drained, still asks clients to try again later: see
/// <see cref="ServeSettings.Drained"/>.</summary>
internal sealed class DrainedCallback(Func<Task> run)
{
    internal Task RunAsync() => run();
}
