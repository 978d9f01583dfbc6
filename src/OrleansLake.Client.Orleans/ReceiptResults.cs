using OrleansLake.Client.Sending;
using OrleansLake.Grains.Wire;

namespace OrleansLake.Client.Orleans;

/// <summary>Receipts of a cluster as answers to clients.</summary>
internal static class ReceiptResults
{
    /// <summary>Returns the position at which reads show what was stored; null if nothing was.</summary>
    internal static LakePosition? PositionOf(SendReceipt receipt) =>
        receipt.Outcome == SendReceiptStatus.Stored && receipt.Generation > 0 ? new LakePosition(receipt.Generation, [.. receipt.EndOffsets]) : null;

    internal static SendResult Of(SendReceipt receipt) => new()
    {
        Status = receipt.Outcome switch
        {
            SendReceiptStatus.Stored => SendStatus.Stored,
            SendReceiptStatus.Refused => SendStatus.Refused,
            SendReceiptStatus.TooManyDates => SendStatus.TooManyDates,
            SendReceiptStatus.UnknownMapping => SendStatus.UnknownMapping,
            _ => SendStatus.KeyConflict,
        },
        Accepted = receipt.Accepted,
        Duplicates = receipt.Duplicates,
        Quarantined = receipt.Outcome == SendReceiptStatus.Stored ? receipt.Rejected : 0,
        Errors = [.. receipt.Errors.Select(error => new SendError(error.Line, RejectionCodes.Of(error.Reason), error.Detail))],
        Position = PositionOf(receipt),
        RetryAfter = receipt.RetryAfter,
        IsMapped = receipt.IsMapped,
        MissingColumns = receipt.MissingColumns,
        LeftOut = receipt.LeftOut,
        Detail = receipt.Detail,
    };
}
