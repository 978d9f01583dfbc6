using Azure.Core;

namespace OrleansLake.Storage.Azure;

/// <summary>A credential whose failures are distinguished from those of storage: each library has exceptions of its own.</summary>
internal sealed class GivenCredential(TokenCredential credential) : TokenCredential
{
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        try
        {
            return credential.GetToken(requestContext, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new CredentialException(e);
        }
    }

    public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        try
        {
            return await credential.GetTokenAsync(requestContext, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new CredentialException(e);
        }
    }
}
