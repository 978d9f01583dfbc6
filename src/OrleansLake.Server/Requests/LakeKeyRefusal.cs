using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Authorization.Policy;
using OrleansLake.Server.Errors;

namespace OrleansLake.Server.Requests;

/// <summary>
/// Tells a sender of a lake's key or embed token to the lake's routes what it lacks for the application's policy (403): to the
/// application nobody is logged in then, and its own answer would be that the key is not known (401).
/// </summary>
/// <param name="inner">What the application answers to everything else.</param>
internal sealed class LakeKeyRefusal(IAuthorizationMiddlewareResultHandler inner) : IAuthorizationMiddlewareResultHandler
{
    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded || context.GetEndpoint()?.Metadata.GetMetadata<LakeOperation>() is null
            || context.RequestServices.GetRequiredService<LakeServer>() is not { } server || !server.Authenticators.Any(one => one.Authenticate(context) is not null))
        {
            await inner.HandleAsync(next, context, policy, authorizeResult).ConfigureAwait(false);
            return;
        }

        // The middleware asks whether somebody is logged in, and does not say what was missing.
        AuthorizationResult judged = await context.RequestServices.GetRequiredService<IAuthorizationService>().AuthorizeAsync(context.User, context, policy).ConfigureAwait(false);
        string[] missing = [.. judged.Failure?.FailedRequirements.Select(Described).Distinct(StringComparer.Ordinal) ?? []];
        server.Origins.Answer(context);
        await Problem.WriteAsync(
            context, StatusCodes.Status403Forbidden, "forbidden",
            $"The key or token is known, but the application's policy for this route asks for more than that{(missing.Length == 0 ? "" : $": {string.Join("; ", missing)}")}.").ConfigureAwait(false);
    }

    /// <summary>Puts it before what answers in an application, whether that is added before the lake or after it.</summary>
    internal static void AddTo(IServiceCollection services)
    {
        ServiceDescriptor? own = services.LastOrDefault(static one => one.ServiceType == typeof(IAuthorizationMiddlewareResultHandler) && !one.IsKeyedService);
        services.AddTransient<IAuthorizationMiddlewareResultHandler>(provider => new LakeKeyRefusal(
            own?.ImplementationInstance as IAuthorizationMiddlewareResultHandler
            ?? own?.ImplementationFactory?.Invoke(provider) as IAuthorizationMiddlewareResultHandler
            ?? (own?.ImplementationType is { } type ? (IAuthorizationMiddlewareResultHandler)ActivatorUtilities.CreateInstance(provider, type) : new AuthorizationMiddlewareResultHandler())));
    }

    private static string Described(IAuthorizationRequirement requirement) => requirement switch
    {
        RolesAuthorizationRequirement roles => $"the role {string.Join(" or ", roles.AllowedRoles)}",
        ClaimsAuthorizationRequirement { AllowedValues: { } values } claim when values.Any() => $"the claim {claim.ClaimType} with {string.Join(" or ", values)}",
        ClaimsAuthorizationRequirement claim => $"the claim {claim.ClaimType}",
        NameAuthorizationRequirement name => $"the name {name.RequiredName}",
        _ => requirement.GetType().Name,
    };
}
