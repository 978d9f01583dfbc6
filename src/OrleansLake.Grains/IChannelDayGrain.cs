using Orleans.Concurrency;

namespace OrleansLake.Grains;

/// <summary>One row of report 1, live: a date and a channel. Ask for it by <see cref="LakeGrains.GetChannelDay"/>.</summary>
[Alias("OrleansLake.IChannelDayGrain")]
public interface IChannelDayGrain : IGrainWithStringKey, IReportAggregate
{
    /// <summary>Returns the row now, with everything that is applied.</summary>
    [AlwaysInterleave, Alias("Get")]
    Task<ChannelDayResponse> GetAsync();
}
