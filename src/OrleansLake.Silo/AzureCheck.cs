using Azure;
using Azure.Core;
using Azure.Storage.Blobs;

namespace OrleansLake.Silo;

/// <summary>Checks whether a storage account answers and grants access, before the lake is opened there.</summary>
internal static class AzureCheck
{
    /// <summary>Waits for the account.</summary>
    /// <exception cref="SiloStartException">It refuses us.</exception>
    internal static Task RunAsync(SiloSettings settings, StartWait wait, CancellationToken cancellationToken)
    {
        var container = new BlobContainerClient(settings.Lake.ConnectionString, settings.Lake.ContainerName, new BlobClientOptions
        {
            Retry = { MaxRetries = 0, NetworkTimeout = TimeSpan.FromSeconds(5), Mode = RetryMode.Fixed },
        });
        return wait.ForAsync(
            $"the storage account at {container.Uri.GetLeftPart(UriPartial.Authority)} (Lake:ConnectionString)",
            async cancellation =>
            {
                try
                {
                    // Whether the container is there or not: it is created when something is first written.
                    await container.ExistsAsync(cancellation);
                    return null;
                }
                catch (RequestFailedException e) when (e.Status is >= 400 and < 500 and not 408 and not 429)
                {
                    throw new SiloStartException(
                        SiloExitCode.Usage, $"Lake:ConnectionString is refused by {container.Uri.GetLeftPart(UriPartial.Authority)}: {e.ErrorCode ?? $"status {e.Status}"}. Is its key that of the account?", e);
                }
                catch (Exception e) when (e is RequestFailedException or AggregateException or IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
                {
                    return FirstLine((e as AggregateException)?.InnerExceptions[^1].Message ?? e.Message);
                }
            },
            cancellationToken);
    }

    private static string FirstLine(string text) => text.Trim().Split('\n')[0].Trim();
}
