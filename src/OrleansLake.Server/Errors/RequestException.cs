namespace OrleansLake.Server.Errors;

/// <summary>A request that cannot be answered as it is: what becomes of it is a problem with this status.</summary>
internal sealed class RequestException(int status, string type, string detail) : Exception(detail)
{
    internal int Status { get; } = status;

    internal string Type { get; } = type;

    /// <summary>Creates the exception for a request that is wrong: 400.</summary>
    internal static RequestException Bad(string type, string detail) => new(400, type, detail);
}
