namespace OrleansLake.Server.Hosting;

/// <summary>What is done while the server, which has drained, still tells who comes to come again: see <see cref="ServeSettings.Drained"/>.</summary>
internal sealed class DrainedCallback(Func<Task> run)
{
    internal Task RunAsync() => run();
}
