namespace OrleansLake.Grains.Tests;

/// <summary>Follows a partition's stream and remembers what came.</summary>
public interface IFollowerGrain : IGrainWithIntegerKey
{
    /// <summary>The numbers of the frames that came, in order, with the messages of each.</summary>
    Task<List<(long Sequence, long Rows)>> SeenAsync();

    /// <summary>Its activation goes; the next one subscribes again.</summary>
    Task LeaveAsync();

    /// <summary>Ends when so many messages came.</summary>
    Task WaitAsync(long rows);
}
