using OrleansLake.Grains;

namespace OrleansLake.Client.Orleans;

/// <summary>Calls to a cluster that do no harm when they are made twice, and what a client gets when they fail.</summary>
internal static class ClusterCalls
{
    internal static Task<bool> CallAsync(Func<Task> call, CancellationToken cancellationToken) => CallAsync(
        async () =>
        {
            await call().ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    internal static async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await Retries.RunAsync(call, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfCluster(e, cancellationToken))
        {
            throw Unavailable(e);
        }
    }

    internal static bool IsOfCluster(Exception failure, CancellationToken cancellationToken) =>
        Retries.IsTransient(failure, cancellationToken) || failure is global::Orleans.Runtime.OrleansException;

    internal static LakeClientException Unavailable(Exception failure) =>
        new(LakeClientErrorKind.Unavailable, $"The cluster did not answer: {ReasonOf(failure)}. Try again.", failure);

    // What Orleans says names grains, messages and addresses that nobody knows.
    internal static string ReasonOf(Exception failure) => failure switch
    {
        TimeoutException or OperationCanceledException => "a silo did not answer in time",
        PartitionMovedException or IOException => failure.Message.TrimEnd('.'),
        global::Orleans.Runtime.GatewayTooBusyException => "its silos are too busy",
        global::Orleans.Runtime.OrleansException or global::Orleans.Runtime.Messaging.ConnectionFailedException => "a silo that was asked has gone, and what it had is moving to another",
        _ => failure.Message.TrimEnd('.'),
    };
}
