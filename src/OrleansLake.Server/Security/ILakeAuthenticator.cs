using Microsoft.AspNetCore.Http;

namespace OrleansLake.Server;

/// <summary>Tells what a request may do, by what it brings along. Several may be registered; the first that knows it decides.</summary>
public interface ILakeAuthenticator
{
    /// <summary>Whether requests without anything are refused because of this one.</summary>
    bool IsRequired { get; }

    /// <summary>What the request may do; null if this does not know it.</summary>
    LakeAccess? Authenticate(HttpContext context);
}
