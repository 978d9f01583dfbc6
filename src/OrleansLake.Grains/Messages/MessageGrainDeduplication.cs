using OrleansLake.Core.State;
using OrleansLake.Engine.Partitions;
using OrleansLake.Storage;
using OrleansLake.Storage.Log;

namespace OrleansLake.Grains.Messages;

/// <summary>Has every message's own grain decide which of a frame's copies count.</summary>
/// <remarks>
/// Frames are decided one after the other, so that a grain gets its copies in the order of the log; within a frame all
/// messages are asked side by side. The partition's state stays the store of what counts: a grain that does not know it
/// is given it, and one that dies is activated again.
/// <para>
/// This is a call for every message, so what it costs beside the call counts. Answers are taken in the order of the questions:
/// most have come by then, and no thread is woken for them. The types of the grain and of its interface, which Orleans finds
/// by reflection for every <see cref="IGrainFactory.GetGrain{TGrainInterface}(string, string)"/>, are found once.
/// </para>
/// </remarks>
internal sealed class MessageGrainDeduplication
{
    // Calls under way: enough to keep the silos busy while each waits for its turn.
    private const int CallsMax = 256;

    private readonly LakePartition _partition;
    private readonly IGrainFactory _grains;
    private readonly GrainType _grainType;
    private readonly GrainInterfaceType _interfaceType;

    internal MessageGrainDeduplication(LakePartition partition, IGrainFactory grains)
    {
        _partition = partition;
        _grains = grains;
        var any = (GrainReference)grains.GetGrain<IMessageGrain>("any");
        (_grainType, _interfaceType) = (any.GrainId.Type, any.InterfaceType);
    }

    /// <summary>Returns one decision for each row of a frame; null if it has none here.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="left">Ends when nobody wants to know any more.</param>
    /// <exception cref="OwnershipLostException">A later owner has asked the grains already, or the partition is leaving.</exception>
    internal async Task<KeyDecision[]?> DecideAsync(LogFrame frame, Task left)
    {
        if (frame.Rows is not { Count: > 0 } rows)
        {
            return null;
        }

        var messages = new FrameMessages(_partition, frame, rows);
        var decisions = new KeyDecision[rows.Count];
        int window = Math.Min(CallsMax, messages.Count);
        var calls = new (IMessageGrain Grain, MessageCopies Copies, ValueTask<MessageVerdict> Answer)[window];
        for (int next = 0; next < messages.Count + window; next++)
        {
            if (next >= window)
            {
                (IMessageGrain asked, MessageCopies sent, ValueTask<MessageVerdict> answer) = calls[next % window];
                MessageVerdict verdict = await VerdictAsync(asked, sent, answer, left);
                messages.Put(next - window, verdict.Decisions, decisions);
            }

            if (next < messages.Count)
            {
                var grain = (IMessageGrain)_grains.GetGrain(GrainId.Create(_grainType, messages.IdOf(next)), _interfaceType);
                MessageCopies copies = messages.CopiesOf(next);
#pragma warning disable CA2012 // Each is awaited once, by VerdictAsync.
                calls[next % window] = (grain, copies, grain.DecideAsync(copies));
#pragma warning restore CA2012
            }
        }

        return decisions;
    }

    private async ValueTask<MessageVerdict> VerdictAsync(IMessageGrain grain, MessageCopies copies, ValueTask<MessageVerdict> answer, Task left)
    {
        MessageVerdict verdict;
        try
        {
            verdict = await answer;
        }
        catch (Exception e) when (Retries.IsTransient(e))
        {
            if (left.IsCompleted)
            {
                throw new OwnershipLostException("the partition is moving to another silo", e);
            }

            verdict = await AskAsync(grain, copies);
        }

        if (verdict.IsUnknown)
        {
            List<MessageOccurrence> known = _partition.Find([grain.GetGrainId().Key.AsSpan().ToArray()])[0];
            verdict = await AskAsync(grain, copies with { Known = [.. known.Select(MessageOccurrenceDto.Of)] });
        }

        return verdict.IsStale ? throw new OwnershipLostException($"message {grain.GetPrimaryKeyString()} was decided on by a later owner of its partition") : verdict;
    }

    private static Task<MessageVerdict> AskAsync(IMessageGrain grain, MessageCopies copies) => Retries.RunAsync(() => grain.DecideAsync(copies).AsTask());
}
