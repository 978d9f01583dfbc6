namespace OrleansLake.Server;

/// <summary>Returns the rights of a request, by its credentials. Several may be registered; the first that knows it decides.</summary>
public interface ILakeAuthenticator
{
    /// <summary>Gets a value indicating whether requests without credentials are refused because of this one.</summary>
    bool IsRequired { get; }

    /// <summary>Returns the rights of the request; null if it is not known here.</summary>
    LakeAccess? Authenticate(HttpContext context);
}
