using System.Text;
using Azure;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Azure;

/// <summary>
/// A lake in a container of Azure Blob Storage. Names and bytes are a folder's; a file gets its name by a request that
/// creates it only if it is not there, and the log grows by appends on condition of its length.
/// </summary>
/// <remarks>
/// What it promises beyond <see cref="ILakeStore"/>: a name is durable with its bytes, so a temporary file stays with this
/// process (and ends with it) until it gets its name or <see cref="MakeNamesDurable"/> is called for it. A request whose
/// answer was lost is sent again and, where that finds its own work, has succeeded.
/// </remarks>
public sealed class AzureLakeStore : ILakeStore
{
    private static readonly TimeSpan FirstRetryDelay = TimeSpan.FromMilliseconds(100);

    private readonly BlobContainerClient _container;
    private readonly AzureLakeStoreOptions _options;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, SpooledFile> _temporary = new(StringComparer.Ordinal);

    /// <summary>Initializes the store of a lake's container, which need not be there yet. Nothing is sent.</summary>
    /// <exception cref="ArgumentException">The options do not say where the account is, or say it twice.</exception>
    /// <exception cref="FormatException">The connection string is not one.</exception>
    public AzureLakeStore(AzureLakeStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _container = options.NewClient(new BlobClientOptions
        {
            Retry =
            {
                Mode = RetryMode.Exponential,
                Delay = FirstRetryDelay,
                MaxDelay = options.RetryDelayMax,
                MaxRetries = options.RetriesMax,
                NetworkTimeout = options.RequestTimeout,
            },
        });
    }

    /// <inheritdoc/>
    public string Location => _container.Uri.GetLeftPart(UriPartial.Path);

    /// <inheritdoc/>
    public FileEntry? Find(string path)
    {
        if (Temporary(path) is { } file)
        {
            return new FileEntry(path, file.Length, file.CompletedUtc.Ticks);
        }

        try
        {
            BlobProperties properties = BlobCall.Run(path, () => Blob(path).GetProperties().Value);
            return new FileEntry(path, properties.ContentLength, properties.LastModified.UtcTicks);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public IRandomReader OpenRead(string path) =>
        Temporary(path) is { } file ? new SpooledReader(path, file) : new AzureBlobReader(Blob(path), path);

    /// <inheritdoc/>
    public IFileWriter CreateTemporary(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.EndsWith(DataFileName.Extension, StringComparison.OrdinalIgnoreCase)
            ? throw new ArgumentException("a temporary file's name must not end in .parquet", nameof(path))
            : new SpooledFileWriter(path, Keep);
    }

    /// <inheritdoc/>
    public IReadOnlyList<PublishOutcome> Publish(IReadOnlyList<FileMove> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var outcomes = new PublishOutcome[files.Count];
        InParallel(files.Count, i => outcomes[i] = Publish(files[i]));
        return outcomes;
    }

    /// <inheritdoc/>
    public void MakeNamesDurable(IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        InParallel(paths.Count, i =>
        {
            if (Temporary(paths[i]) is { IsStored: false } file)
            {
                BlobCall.Run(paths[i], () =>
                {
                    Uploading(paths[i], () => BlobUpload.Replace(_container, paths[i], file));
                    return file.IsStored = true;
                });
            }
        });
    }

    /// <inheritdoc/>
    public void Replace(FileMove file)
    {
        SpooledFile bytes = Source(file.Temporary) ?? throw new FileNotFoundException($"{file.Temporary} is not there", file.Temporary);
        BlobCall.Run(file.Path, () => Uploading(file.Temporary, () => BlobUpload.Replace(_container, file.Path, bytes)));
        Drop(file.Temporary, bytes);
    }

    /// <inheritdoc/>
    public bool Delete(string path)
    {
        SpooledFile? file;
        lock (_gate)
        {
            _temporary.Remove(path, out file);
        }

        bool wasTemporary = file is not null;
        file?.Dispose();
        if (file is { IsStored: false })
        {
            return true;
        }

        try
        {
            return BlobCall.Run(path, () => Blob(path).DeleteIfExists().Value) || wasTemporary;
        }
        catch (FileNotFoundException)
        {
            return wasTemporary;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<FileEntry> List(string folder, bool recursive)
    {
        ArgumentNullException.ThrowIfNull(folder);
        string prefix = folder.Length == 0 ? "" : folder + "/";
        var files = new Dictionary<string, FileEntry>(StringComparer.Ordinal);
        try
        {
            BlobCall.Run(folder, () =>
            {
                if (recursive)
                {
                    foreach (BlobItem blob in _container.GetBlobs(BlobTraits.None, BlobStates.None, prefix, CancellationToken.None))
                    {
                        Add(blob);
                    }
                }
                else
                {
                    foreach (BlobHierarchyItem item in _container.GetBlobsByHierarchy(BlobTraits.None, BlobStates.None, "/", prefix, CancellationToken.None))
                    {
                        if (item.IsBlob)
                        {
                            Add(item.Blob);
                        }
                    }
                }

                return true;
            });
        }
        catch (FileNotFoundException)
        {
            // The container is made when something is first written.
        }

        lock (_gate)
        {
            foreach ((string path, SpooledFile file) in _temporary)
            {
                if (path.StartsWith(prefix, StringComparison.Ordinal) && (recursive || !path.AsSpan(prefix.Length).Contains('/')))
                {
                    files[path] = new FileEntry(path, file.Length, file.CompletedUtc.Ticks);
                }
            }
        }

        return [.. files.Values];

        void Add(BlobItem blob) => files[blob.Name] = new FileEntry(
            blob.Name, blob.Properties.ContentLength ?? 0, blob.Properties.LastModified?.UtcTicks ?? 0);
    }

    /// <inheritdoc/>
    public ILogFile CreateLogFile(string path, long preallocateBytes) => AzureLogFile.Create(_container, path);

    /// <inheritdoc/>
    public IDisposable? TryLock(string path, string owner)
    {
        BlockBlobClient blob = _container.GetBlockBlobClient(path);
        return BlobCall.Run<IDisposable?>(path, () =>
        {
            using (var empty = new SpooledFile(new MemoryStream()))
            {
                BlobUpload.TryCreate(_container, path, empty);
            }

            // The id is ours, so asking again after a lost answer gets the lease that is there.
            BlobLeaseClient lease = blob.GetBlobLeaseClient(Guid.NewGuid().ToString());
            try
            {
                lease.Acquire(_options.LockLease);
            }
            catch (RequestFailedException e) when (e.Status == 409)
            {
                return null;
            }

            var taken = new BlobLease(lease, _options.LockLease);
            try
            {
                blob.Upload(
                    new MemoryStream(Encoding.UTF8.GetBytes(owner)),
                    new BlobUploadOptions { Conditions = new BlobRequestConditions { LeaseId = lease.LeaseId } });
            }
            catch
            {
                taken.Dispose();
                throw;
            }

            return taken;
        });
    }

    /// <inheritdoc/>
    public bool IsLocked(string path)
    {
        try
        {
            return BlobCall.Run(path, () => Blob(path).GetProperties().Value.LeaseState) is LeaseState.Leased or LeaseState.Breaking;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public string? ReadLockOwner(string path)
    {
        try
        {
            string owner = BlobCall.Run(path, () => Blob(path).DownloadContent().Value.Content.ToString());
            return owner.Length > 0 ? owner : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private BlobClient Blob(string path) => _container.GetBlobClient(path);

    private PublishOutcome Publish(FileMove move)
    {
        if (Source(move.Temporary) is not { } file)
        {
            return Find(move.Path) is null
                ? throw new FileNotFoundException($"{move.Temporary} is not there", move.Temporary)
                : PublishOutcome.AlreadyExists;
        }

        bool isCreated = false;
        BlobCall.Run(move.Path, () => Uploading(move.Temporary, () => isCreated = BlobUpload.TryCreate(_container, move.Path, file)));
        if (isCreated)
        {
            Drop(move.Temporary, file);
        }

        return isCreated ? PublishOutcome.Published : PublishOutcome.AlreadyExists;
    }

    /// <summary>Returns a temporary file: this process's, or what an earlier one had made durable. Null if there is none.</summary>
    private SpooledFile? Source(string temporary)
    {
        if (Temporary(temporary) is { } own)
        {
            return own;
        }

        try
        {
            using var stored = new AzureBlobReader(Blob(temporary), temporary);
            using IFileWriter writer = CreateTemporary(temporary);
            byte[] bytes = new byte[1 << 20];
            int read;
            for (long at = 0; (read = stored.Read(bytes, at)) > 0; at += read)
            {
                writer.Content.Write(bytes, 0, read);
            }

            writer.Complete();
        }
        catch (FileNotFoundException)
        {
            return null;
        }

        SpooledFile? copy = Temporary(temporary);
        _ = copy?.IsStored = true;
        return copy;
    }

    private SpooledFile? Temporary(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        lock (_gate)
        {
            return _temporary.GetValueOrDefault(path);
        }
    }

    private void Keep(string path, SpooledFile file)
    {
        SpooledFile? before;
        lock (_gate)
        {
            if (_temporary.Remove(path, out before))
            {
                file.IsStored = before.IsStored;
            }

            _temporary.Add(path, file);
        }

        before?.Dispose();
    }

    private void Drop(string temporary, SpooledFile file)
    {
        lock (_gate)
        {
            if (_temporary.TryGetValue(temporary, out SpooledFile? now) && ReferenceEquals(now, file))
            {
                _temporary.Remove(temporary);
            }
        }

        file.Dispose();
        if (file.IsStored)
        {
            BlobCall.Run(temporary, () => Blob(temporary).DeleteIfExists().Value);
        }
    }

    // A later owner in this process may sweep an earlier one's temporary files at any moment.
    private static bool Uploading(string temporary, Action upload)
    {
        try
        {
            upload();
            return true;
        }
        catch (ObjectDisposedException e)
        {
            throw new FileNotFoundException($"{temporary} is not there any more", temporary, e);
        }
    }

    private void InParallel(int count, Action<int> one)
    {
        if (count == 1)
        {
            one(0);
            return;
        }

        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = _options.UploadsMax }, one);
        }
        catch (AggregateException e)
        {
            // A missing file says more than a network that failed beside it.
            Exception first = e.InnerExceptions.FirstOrDefault(inner => inner is FileNotFoundException) ?? e.InnerExceptions[0];
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        }
    }
}
