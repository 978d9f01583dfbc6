using OrleansLake.Client;
using OrleansLake.Client.Sinks;

namespace OrleansLake.Server.Sinks;

/// <summary>The lag of sinks behind the lake, by the same count as metrics.</summary>
internal static class SinkLags
{
    /// <summary>Returns the lake's status; null if it cannot be asked. It is asked for before the status of each sink, so that what comes meanwhile does not count as lag.</summary>
    internal static async Task<LakeStanding?> StandingAsync(ILakeClient lake, CancellationToken cancellationToken)
    {
        try
        {
            return await lake.GetStatusAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (LakeClientException e) when (e.Kind == LakeClientErrorKind.Unavailable)
        {
            return null;
        }
    }

    /// <summary>Returns a sink's status with how far it is behind.</summary>
    internal static SinkStatus Behind(this SinkStatus sink, LakeStanding? lake)
    {
        SinkLag? lag = lake is null ? null : SinkLag.Of(lake, sink.Position, sink.Time);
        return sink with { Lag = lag?.Messages, LagTime = lag?.Time };
    }
}
