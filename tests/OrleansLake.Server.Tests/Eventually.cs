namespace OrleansLake.Server.Tests;

/// <summary>Waits for what becomes true by itself, and fails when it does not within a minute.</summary>
internal static class Eventually
{
    internal static readonly TimeSpan Max = TimeSpan.FromMinutes(1);

    internal static async Task<T> GetAsync<T>(Func<Task<T?>> look, string what)
        where T : class
    {
        using var patience = new CancellationTokenSource(Max);
        while (true)
        {
            if (await look() is { } found)
            {
                return found;
            }

            Assert.False(patience.IsCancellationRequested, $"not within {Max}: {what}");
            await Task.Delay(10, CancellationToken.None);
        }
    }

    internal static Task HoldsAsync(Func<bool> condition, string what) => GetAsync(() => Task.FromResult(condition() ? "" : null), what);
}
