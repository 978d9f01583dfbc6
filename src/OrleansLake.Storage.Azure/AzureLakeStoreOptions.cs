using Azure.Core;
using Azure.Storage.Blobs;

namespace OrleansLake.Storage.Azure;

/// <summary>
/// The options of a lake in Azure Blob Storage: where it is, the credentials, and the retries of its store. One of three says where the account is:
/// <see cref="ConnectionString"/>, <see cref="ServiceUri"/> with <see cref="Credential"/>, or <see cref="CreateClient"/>.
/// </summary>
public sealed record AzureLakeStoreOptions
{
    /// <summary>Gets the account's connection string (Azurite's is one as well).</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Gets the account's address, such as <c>https://account.blob.core.windows.net</c>, for <see cref="Credential"/>.</summary>
    public Uri? ServiceUri { get; init; }

    /// <summary>Gets the credential, instead of a key in a connection string: a managed identity, <c>DefaultAzureCredential</c>. Tokens go over https only.</summary>
    public TokenCredential? Credential { get; init; }

    /// <summary>
    /// Gets the factory of the container's client, for an application that has its own way to. It is given the container's name
    /// and the retries and timeout of these options, which it may add to and hands to the client.
    /// </summary>
    public Func<string, BlobClientOptions, BlobContainerClient>? CreateClient { get; init; }

    /// <summary>Gets the container; the lake is its root. It is made when something is first written.</summary>
    public required string Container { get; init; }

    /// <summary>
    /// Gets the number of times that a request is tried again that failed, was refused for load (429, 503) or had no answer: with the delays
    /// that double up to <see cref="RetryDelayMax"/>, 14 are about 45 seconds. Only then does a call fail.
    /// </summary>
    public int RetriesMax { get; init; } = 14;

    /// <summary>Gets the longest delay between two tries.</summary>
    public TimeSpan RetryDelayMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets the time that one request may take before it counts as lost: a block of the log is 4 MiB at most.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets the time that a lock outlives a process that ends without releasing it: Azure takes 15 to 60 seconds. It is renewed
    /// three times in that time.
    /// </summary>
    public TimeSpan LockLease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Gets the number of files that are published at the same time.</summary>
    public int UploadsMax { get; init; } = 8;

    /// <summary>Makes the container's client. Nothing is sent.</summary>
    /// <exception cref="ArgumentException">None or several of the three ways to the account are set, or a part of one is missing.</exception>
    /// <exception cref="FormatException">The connection string is not one.</exception>
    internal BlobContainerClient NewClient(BlobClientOptions options)
    {
        int ways = (ConnectionString is null ? 0 : 1) + (ServiceUri is null && Credential is null ? 0 : 1) + (CreateClient is null ? 0 : 1);
        if (ways != 1)
        {
            throw new ArgumentException($"{(ways == 0 ? "Nothing says" : "Several options say")} where the account is: set {nameof(ConnectionString)}, or {nameof(ServiceUri)} with {nameof(Credential)}, or {nameof(CreateClient)}.");
        }

        if (CreateClient is not null)
        {
            return CreateClient(Container, options) ?? throw new ArgumentException($"{nameof(CreateClient)} gave no client.");
        }

        if (ConnectionString is not null)
        {
            return new BlobContainerClient(ConnectionString, Container, options);
        }

        if (ServiceUri is null || Credential is null)
        {
            throw new ArgumentException($"{(ServiceUri is null ? nameof(ServiceUri) : nameof(Credential))} is missing: {nameof(ServiceUri)} and {nameof(Credential)} are set together.");
        }

        return new BlobServiceClient(ServiceUri, new GivenCredential(Credential), options).GetBlobContainerClient(Container);
    }
}
