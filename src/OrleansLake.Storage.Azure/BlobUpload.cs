using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace OrleansLake.Storage.Azure;

/// <summary>Uploads a temporary file under a name, whole or not at all.</summary>
internal static class BlobUpload
{
    /// <summary>The metadata that holds <see cref="SpooledFile.Id"/>.</summary>
    public const string IdKey = "upload";

    /// <summary>Files up to this size are one request.</summary>
    private const int SingleBytesMax = 16 << 20;

    private const int BlockBytes = 8 << 20;

    /// <summary>Creates a blob; false if the name is another upload's. A lost answer is found out by what is there.</summary>
    public static bool TryCreate(BlobContainerClient container, string path, SpooledFile file)
    {
        try
        {
            Upload(container, path, file, new BlobRequestConditions { IfNoneMatch = ETag.All });
            return true;
        }
        catch (RequestFailedException e) when (BlobCall.IsTaken(e))
        {
            return IsOf(container, path, file.Id);
        }
    }

    /// <summary>Uploads in place of whatever is there.</summary>
    public static void Replace(BlobContainerClient container, string path, SpooledFile file) =>
        Upload(container, path, file, null);

    /// <summary>Returns whether a blob came from an upload.</summary>
    public static bool IsOf(BlobContainerClient container, string path, string id) =>
        container.GetBlobClient(path).GetProperties().Value.Metadata.TryGetValue(IdKey, out string? there) && there == id;

    private static void Upload(BlobContainerClient container, string path, SpooledFile file, BlobRequestConditions? conditions)
    {
        try
        {
            Send(container, path, file, conditions);
        }
        catch (RequestFailedException e) when (BlobCall.LacksContainer(e))
        {
            container.CreateIfNotExists();
            Send(container, path, file, conditions);
        }
    }

    private static void Send(BlobContainerClient container, string path, SpooledFile file, BlobRequestConditions? conditions)
    {
        BlockBlobClient blob = container.GetBlockBlobClient(path);
        var metadata = new Dictionary<string, string> { [IdKey] = file.Id };
        file.Read(content =>
        {
            if (file.Length <= SingleBytesMax)
            {
                return blob.Upload(content, new BlobUploadOptions
                {
                    Conditions = conditions,
                    Metadata = metadata,
                    TransferOptions = new StorageTransferOptions { InitialTransferSize = SingleBytesMax, MaximumConcurrency = 1 },
                });
            }

            // Blocks of our own naming: the library's are numbered, so that two uploads of one name would mix.
            var ids = new List<string>();
            byte[] block = new byte[BlockBytes];
            int read;
            while ((read = content.ReadAtLeast(block, block.Length, throwOnEndOfStream: false)) > 0)
            {
                string id = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
                blob.StageBlock(id, new MemoryStream(block, 0, read, writable: false));
                ids.Add(id);
            }

            return blob.CommitBlockList(ids, new CommitBlockListOptions { Conditions = conditions, Metadata = metadata });
        });
    }
}
