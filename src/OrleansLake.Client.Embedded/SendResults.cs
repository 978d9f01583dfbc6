using OrleansLake.Client.Sending;
using OrleansLake.Engine;

namespace OrleansLake.Client.Embedded;

/// <summary>Answers of the engine as answers to clients.</summary>
internal static class SendResults
{
    /// <param name="outcome">The answer.</param>
    /// <param name="generation">The generation of the lake's partitions.</param>
    /// <param name="errorsMax">The number of rejected records that are listed at most.</param>
    internal static SendResult Of(SendOutcome outcome, long generation, int errorsMax = SendErrors.ErrorsMax)
    {
        bool isRepeat = outcome.Status == Engine.SendStatus.Repeated;
        return new SendResult
        {
            Status = outcome.Status switch
            {
                Engine.SendStatus.Stored or Engine.SendStatus.Repeated => SendStatus.Stored,
                Engine.SendStatus.Invalid => SendStatus.Refused,
                Engine.SendStatus.Conflict or Engine.SendStatus.Forgotten => SendStatus.KeyConflict,
                Engine.SendStatus.InFlight => SendStatus.InFlight,
                Engine.SendStatus.TooManyDates => SendStatus.TooManyDates,
                Engine.SendStatus.UnknownMapping => SendStatus.UnknownMapping,
                _ => SendStatus.TryAgain,
            },
            Accepted = isRepeat ? 0 : outcome.Accepted,
            Duplicates = isRepeat ? outcome.Accepted : 0,
            Quarantined = outcome.IsAcknowledged ? outcome.Rejected : 0,
            Errors = outcome.Rejected == 0 ? [] : [.. outcome.Rejections.Take(errorsMax).Select(r => new SendError(r.Record, RejectionCodes.Of(r.Reason), r.Detail))],
            Position = outcome.IsAcknowledged ? new LakePosition(generation, outcome.EndOffsets) : null,
            RetryAfter = outcome.RetryAfter,
            IsMapped = outcome.IsMapped,
            MissingColumns = outcome.MissingColumns,
            LeftOut = isRepeat ? null : outcome.LeftOut,
            Detail = outcome.Reason,
        };
    }
}
