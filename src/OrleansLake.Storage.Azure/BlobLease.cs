using Azure;
using Azure.Storage.Blobs.Specialized;

namespace OrleansLake.Storage.Azure;

/// <summary>
/// A lock: a lease that is renewed while the process lives. A process that is stopped for longer than a lease loses it and does
/// not notice; what keeps such an owner from writing are epochs and manifests, not the lock.
/// </summary>
internal sealed class BlobLease : IDisposable
{
    private readonly BlobLeaseClient _lease;
    private readonly Timer _renewal;

    public BlobLease(BlobLeaseClient lease, TimeSpan duration)
    {
        _lease = lease;
        _renewal = new Timer(_ => Renew(), null, duration / 3, duration / 3);
    }

    public void Dispose()
    {
        using var stopped = new ManualResetEvent(false);
        if (_renewal.Dispose(stopped))
        {
            stopped.WaitOne();
        }

        try
        {
            _lease.Release();
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException or CredentialException)
        {
            // It ends by itself.
        }
    }

    private void Renew()
    {
        try
        {
            _lease.Renew();
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException or CredentialException)
        {
            // Tried again a third of a lease later: unless another has it by then, it continues.
        }
    }
}
