namespace OrleansLake.Client;

/// <summary>A client that knows at once when its lake cannot be served for a while, such as one in a folder that went away.</summary>
internal interface ILakeOutage
{
    /// <summary>Returns the reason why the lake cannot be served; null while it can.</summary>
    /// <param name="looks">Whether to look now, and not to say what was seen a moment ago.</param>
    string? Outage(bool looks);
}
