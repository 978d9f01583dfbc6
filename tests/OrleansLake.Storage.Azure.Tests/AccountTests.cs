using Azure.Core;
using Azure.Storage.Blobs;
using OrleansLake.Storage.Stores;
using OrleansLake.TestSupport;

namespace OrleansLake.Storage.Azure.Tests;

/// <summary>The ways to the account: a connection string, a credential, a client of the application's own.</summary>
[Collection(AzuriteCollection.Name)]
public sealed class AccountTests(SharedAzurite azurite)
{
    private static readonly Uri Service = new("https://account.invalid");

    [AzuriteFact]
    public void A_client_of_the_applications_own_is_what_the_store_uses()
    {
        BlobClientOptions? given = null;
        AzureLakeStoreOptions shared = azurite.Options($"lake-{Guid.NewGuid():N}");
        var store = new AzureLakeStore(shared with
        {
            ConnectionString = null,
            RetriesMax = 3,
            CreateClient = (container, options) => new BlobServiceClient(shared.ConnectionString, given = options).GetBlobContainerClient(container),
        });

        Assert.True(store.TryPublish("x", [1], "t"));
        Assert.Equal([1], new AzureLakeStore(shared).ReadAll("x"));
        Assert.Equal(3, given!.Retry.MaxRetries);
    }

    [Fact]
    public void A_credential_is_asked_for_a_token_of_storage()
    {
        var credential = new Refusing();
        var store = new AzureLakeStore(new AzureLakeStoreOptions { ServiceUri = Service, Credential = credential, Container = "lake", RetriesMax = 0 });

        UnauthorizedAccessException error = Assert.Throws<UnauthorizedAccessException>(() => store.Find("lake.json"));
        Assert.Equal("lake.json: the credential gave no token (no identity here)", error.Message);
        Assert.Equal(["https://storage.azure.com/.default"], credential.Scopes);
        Assert.Equal("https://account.invalid/lake", store.Location);
    }

    [Fact]
    public void What_does_not_say_where_the_account_is_is_refused()
    {
        var none = new AzureLakeStoreOptions { Container = "lake" };
        Assert.StartsWith("Nothing says where the account is: set ConnectionString, or ServiceUri with Credential, or CreateClient", Refusal(none), StringComparison.Ordinal);
        Assert.StartsWith("Several options say where the account is", Refusal(none with { ConnectionString = "UseDevelopmentStorage=true", ServiceUri = Service }), StringComparison.Ordinal);
        Assert.StartsWith("Credential is missing", Refusal(none with { ServiceUri = Service }), StringComparison.Ordinal);
        Assert.StartsWith("ServiceUri is missing", Refusal(none with { Credential = new Refusing() }), StringComparison.Ordinal);
        Assert.StartsWith("CreateClient gave no client", Refusal(none with { CreateClient = (_, _) => null! }), StringComparison.Ordinal);
    }

    private static string Refusal(AzureLakeStoreOptions options) => Assert.Throws<ArgumentException>(() => new AzureLakeStore(options)).Message;

    private sealed class Refusing : TokenCredential
    {
        internal string[] Scopes { get; private set; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes = requestContext.Scopes;
            throw new InvalidOperationException("no identity here");
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
