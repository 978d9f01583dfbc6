using System.Text.Json;
using OrleansLake.Core.Messages;

namespace OrleansLake.Client.Sending;

/// <summary>Reasons as programs read them.</summary>
internal static class RejectionCodes
{
    internal static string Of(RejectionReason reason) => JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());
}
