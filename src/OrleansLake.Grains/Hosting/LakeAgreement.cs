using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime.MembershipService.SiloMetadata;
using OrleansLake.Engine;
using OrleansLake.Grains.Cluster;
using OrleansLake.Storage.Lakes;

namespace OrleansLake.Grains.Hosting;

/// <summary>
/// Makes sure, before this silo can get a partition, that the cluster's other silos run the same lake: each of them holds a
/// claim in it (<see cref="LakeClaim"/>), so one that is in the cluster's list and has none here has another lake.
/// </summary>
/// <remarks>
/// A silo takes its claim, writes itself into the list, and only then reads the list: of two that start at the same time,
/// at least one sees the other. Where both do, the one that is later in the list ends, and the other one waits for that.
/// Names of folders are not compared: two names may be one folder, and one name two folders, on two machines.
/// </remarks>
internal sealed class LakeAgreement(LakeClusterHost host, IOptions<ClusterOptions> cluster, ILocalSiloDetails silo, IServiceProvider services)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly TimeSpan OthersMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LocationMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    // In the list as one that joins, which gets no grains: those that are active do. And before streams open the lake, which makes it.
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(LakeAgreement), ServiceLifecycleStage.AfterRuntimeGrainServices + 1, CheckAsync);

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (services.GetService<IMembershipTable>() is not { } table)
        {
            return;
        }

        long started = Environment.TickCount64;
        while (true)
        {
            MembershipEntry[] all = [.. (await table.ReadAllAsync(cancellationToken)).Members.Select(member => member.Item1)];
            MembershipEntry[] others = await ElsewhereAsync(all, cancellationToken);
            MembershipEntry? own = Array.Find(all, entry => entry.SiloAddress.Equals(silo.SiloAddress));
            MembershipEntry? first = others.FirstOrDefault(other => other.Status == SiloStatus.Active || (other.Status == SiloStatus.Joining && IsBefore(other, own)));
            bool waitedLong = Environment.TickCount64 - started >= OthersMax.TotalMilliseconds;
            if (others.Length == 0 && (own is not null || waitedLong))
            {
                return;
            }

            if ((first ?? (waitedLong ? others.FirstOrDefault() : null)) is { } other)
            {
                throw new LakeException(LakeFailure.Usage, await MessageAsync(other.SiloAddress, cancellationToken));
            }

            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    /// <summary>Returns the other silos of the list that live, and have no claim in this lake.</summary>
    private async Task<MembershipEntry[]> ElsewhereAsync(MembershipEntry[] all, CancellationToken cancellationToken)
    {
        // Older ones of an address have ended: somebody else has it now.
        MembershipEntry[] others =
        [
            .. all.Where(entry => entry.Status is SiloStatus.Joining or SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping)
                .GroupBy(entry => entry.SiloAddress.Endpoint)
                .Select(ofOne => ofOne.MaxBy(entry => entry.SiloAddress.Generation)!)
                .Where(entry => !entry.SiloAddress.Endpoint.Equals(silo.SiloAddress.Endpoint)),
        ];
        if (others.Length == 0)
        {
            return others;
        }

        IReadOnlyList<SiloOwner> here = SiloClaim.Named(host.Store);
        others = [.. others.Where(other => !here.Any(claim => claim.IsOf(cluster.Value.ClusterId, other.SiloAddress.Endpoint, other.SiloAddress.Generation)))];
        bool[] lives = await Task.WhenAll(others.Select(other => LivesAsync(other.SiloAddress, cancellationToken)));
        return [.. others.Where((_, i) => lives[i])];
    }

    // The same seen from both, as both read it from the list.
    private static bool IsBefore(MembershipEntry other, MembershipEntry? own) =>
        own is null || (other.StartTime, other.SiloAddress).CompareTo((own.StartTime, own.SiloAddress)) < 0;

    private static async Task<bool> LivesAsync(SiloAddress other, CancellationToken cancellationToken)
    {
        using var socket = new Socket(other.Endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        enough.CancelAfter(ConnectMax);
        try
        {
            await socket.ConnectAsync(other.Endpoint, enough.Token);
            return true;
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    private async Task<string> MessageAsync(SiloAddress other, CancellationToken cancellationToken)
    {
        string? location = null;
        long started = Environment.TickCount64;
        while (services.GetService<ISiloMetadataCache>() is { } known
            && !known.GetSiloMetadata(other).Metadata.TryGetValue(LakeClusterOptions.LocationMetadata, out location)
            && Environment.TickCount64 - started < LocationMax.TotalMilliseconds)
        {
            await Task.Delay(PollInterval, cancellationToken);
        }

        string theirs = location is null ? "another lake" : location == host.Store.Location ? $"another one of that name ({location}, not the same files)" : location;
        return $"This silo's lake is {host.Store.Location}, and the cluster '{cluster.Value.ClusterId}' runs {theirs}, on the silo {other.Endpoint}. Name the same lake on each silo, or start this one as a cluster of its own.";
    }
}
