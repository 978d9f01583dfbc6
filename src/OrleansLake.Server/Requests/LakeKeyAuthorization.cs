using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;

namespace OrleansLake.Server.Requests;

/// <summary>
/// Lets a lake's key or embed token stand for a login on the lake's own routes, where the application asks for one: what it may
/// do is judged by its scopes afterwards. Whatever else the application's policy asks for stays the application's business.
/// </summary>
internal sealed class LakeKeyAuthorization(IEnumerable<ILakeAuthenticator> authenticators) : IAuthorizationHandler
{
    public Task HandleAsync(AuthorizationHandlerContext context)
    {
        if (context.Resource is HttpContext http && http.GetEndpoint()?.Metadata.GetMetadata<LakeOperation>() is not null)
        {
            foreach (DenyAnonymousAuthorizationRequirement login in context.PendingRequirements.OfType<DenyAnonymousAuthorizationRequirement>().ToArray())
            {
                if (authenticators.Any(one => one.Authenticate(http) is not null))
                {
                    context.Succeed(login);
                }
            }
        }

        return Task.CompletedTask;
    }
}
