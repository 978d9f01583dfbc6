using Confluent.Kafka;

namespace OrleansLake.Sources.Kafka;

/// <summary>Describes the failures of a broker's client, so that one cause is distinguished from another.</summary>
internal static class KafkaFailure
{
    /// <summary>Describes a failure, and what to do about it.</summary>
    internal static string Describe(Error error, KafkaTopics topics) => error.Code switch
    {
        ErrorCode.TopicAuthorizationFailed => $"the user may not read a topic ({FirstLine(error.Reason)})",
        ErrorCode.GroupAuthorizationFailed => $"the user may not commit to the group '{topics.Group}'",
        _ => Describe(error, topics.Address),
    };

    /// <summary>Describes a failure of a cluster's connections.</summary>
    internal static string Describe(Error error, KafkaAddress address) => error.Code switch
    {
        ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Transport when !IsOfOne(error, address) => $"no broker answers at {string.Join(",", address.Brokers)}: nothing listens there, or it does not speak Kafka{(IsTls(address) ? " with TLS" : "; if the brokers want TLS or a user, security.protocol= and config=FILE in the address say so")}",
        ErrorCode.Local_Resolve => $"a broker's host name is not known: {FirstLine(error.Reason)}",
        ErrorCode.Local_Transport => $"the connection to a broker fails: {WithoutTime(FirstLine(error.Reason))}",
        ErrorCode.Local_Authentication or ErrorCode.SaslAuthenticationFailed => $"the brokers refuse the user or its password: {FirstLine(error.Reason)}",
        ErrorCode.Local_Ssl => $"TLS fails: {FirstLine(error.Reason)}",
        ErrorCode.Local_TimedOut or ErrorCode.Local_MsgTimedOut => $"the brokers at {string.Join(",", address.Brokers)} do not answer in time",
        _ => $"{FirstLine(error.Reason)} ({error.Code})",
    };

    private static bool IsTls(KafkaAddress address) => address.Settings.GetValueOrDefault("security.protocol")?.EndsWith("SSL", StringComparison.OrdinalIgnoreCase) == true;

    // Whether it is that of one of several. A request that no broker was there to answer has no name in it; the only one that was given is all of them.
    private static bool IsOfOne(Error error, KafkaAddress address) => error.Code == ErrorCode.Local_Transport && error.Reason?.Contains('/', StringComparison.Ordinal) == true
        && !(address.Brokers.Count == 1 && error.Reason.Contains("/bootstrap", StringComparison.Ordinal));

    // "(after 1ms in state CONNECT)" makes another line of the same failure each time.
    private static string WithoutTime(string text) => text.LastIndexOf(" (after ", StringComparison.Ordinal) is > 0 and int at && text.EndsWith(')') ? text[..at] : text;

    private static string FirstLine(string? text) => text?.Split('\n', '\r')[0].Trim().TrimEnd('.') ?? "";
}
