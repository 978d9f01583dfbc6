using System.Text.Json;
using OrleansLake.Core.Messages;

namespace OrleansLake.Cli.Results;

/// <summary>Reasons as scripts read them.</summary>
internal static class ReasonText
{
    /// <summary>Returns the code of a reason, such as <c>missing_message_id</c>.</summary>
    public static string Code(RejectionReason reason) => JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());
}
