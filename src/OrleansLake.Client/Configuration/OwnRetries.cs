namespace OrleansLake.Client.Configuration;

/// <summary>
/// Takes handlers out of an HTTP client that repeat requests by a policy of their own, such as an application sets for all of
/// its clients (Aspire's service defaults do). Only the lake's client knows which of its requests may be repeated: a send
/// without a key that reaches a server twice is stored twice; and a stream is not a request that has taken too long.
/// </summary>
internal static class OwnRetries
{
    // By name: to refer to the packages that have them would bring them into every application.
    private static readonly string[] Repeating =
    [
        "Microsoft.Extensions.Http.Resilience.ResilienceHandler",
        "Microsoft.Extensions.Http.PolicyHttpMessageHandler",
    ];

    internal static void Only(IList<DelegatingHandler> handlers)
    {
        for (int i = handlers.Count - 1; i >= 0; i--)
        {
            if (IsRepeating(handlers[i].GetType()))
            {
                handlers.RemoveAt(i);
            }
        }
    }

    private static bool IsRepeating(Type? type) => type is not null && (Repeating.Contains(type.FullName, StringComparer.Ordinal) || IsRepeating(type.BaseType));
}
