namespace OrleansLake.Server.Hosting;

/// <summary>The lifetime of a program's host that its caller ends: signals are the caller's business.</summary>
internal sealed class CallersLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
