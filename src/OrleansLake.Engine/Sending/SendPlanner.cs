using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Input;
using OrleansLake.Engine.Mappings;
using OrleansLake.Storage.Checksums;

namespace OrleansLake.Engine.Sending;

/// <summary>
/// Decides what becomes of a body: why it is refused, or which frames each partition gets. Every host sends by it. It stores
/// nothing.
/// </summary>
/// <param name="zone">The lake's time zone.</param>
/// <param name="mappings">The lake's mappings.</param>
/// <param name="clock">The clock, for records whose timestamp is the time of their receipt.</param>
/// <param name="work">Parses the pieces of a large body side by side.</param>
/// <param name="partitions">The number of partitions that the lake has.</param>
/// <param name="pieceBytes">What of a body a frame takes at most, unless a single record is larger.</param>
/// <param name="keep">What the lake keeps of records beside their messages.</param>
/// <param name="ids">The types of the lake's ids.</param>
internal sealed class SendPlanner(LakeTimeZone zone, LakeMappings mappings, TimeProvider clock, ParallelWork work, int partitions, int pieceBytes, KeptFields keep, IdTypes ids)
{
    private readonly RecordRules _plain = new(zone, null, null, clock) { Ids = ids };

    /// <summary>Plans a body.</summary>
    /// <param name="body">The body.</param>
    /// <param name="options">How it is sent.</param>
    /// <param name="known">What is known of its key, where the caller knows it: then what is stored is left out of the frames.</param>
    internal SendPlan Plan(ReadOnlyMemory<byte> body, SendOptions options, KnownBatches? known = null)
    {
        if (MappingOf(options.Mapping, out string fault) is not { } mapping)
        {
            return SendPlan.Refused(SendOutcome.Refused(SendStatus.UnknownMapping, fault));
        }

        BatchEntry?[] before = known?.Entries ?? new BatchEntry?[partitions];
        if (known is { IsForgotten: true })
        {
            return SendPlan.Refused(SendOutcome.Forgotten(options.Key!));
        }

        if (Array.Exists(before, entry => entry is not null && !StartsAs(body.Span, entry.Batch)))
        {
            return SendPlan.Refused(SendOutcome.Conflict(options.Key!));
        }

        int[] cuts = [.. before.OfType<BatchEntry>().Select(static entry => (int)entry.Batch.EndPosition).Distinct().Order()];
        List<SentPiece> pieces = options.Refusal is { } refused ? SentBody.Refuse(body, refused) : SentBody.Parse(body, cuts, pieceBytes, RulesOf(mapping, options), work, options.IsJsonText);
        var plan = new SendPlan(body, pieces, options, before) { IsMapped = mapping != MessageMapping.None };
        plan = plan.IsMapped && plan.Accepted > 0 ? plan with { MissingColumns = mapping.DescribeMissing(plan.Columns, onlyRenamed: true) } : plan;
        return plan.IsRepeat ? plan : plan with { Refusal = RefusalOf(plan.Rejections, pieces, options) };
    }

    /// <summary>Plans the records of a topic's partition.</summary>
    /// <param name="batch">The records.</param>
    /// <param name="before">By partition of the lake, what it has of the topic's partition; null: nothing.</param>
    /// <param name="stored">The offset before which all is known to be stored; 0 if none is.</param>
    internal TopicPlan Plan(TopicBatch batch, IReadOnlyList<SourceProgress.TopicProgress?> before, long stored)
    {
        if (MappingOf(batch.Mapping, out string fault) is not { } mapping)
        {
            return TopicPlan.Refused(SendOutcome.Refused(SendStatus.UnknownMapping, fault));
        }

        var rules = new RecordRules(zone, null, mapping, clock) { Keep = keep, Ids = ids, Source = batch.Name };
        List<TopicPiece> pieces = TopicPiece.Read(batch, before.Select(static progress => progress?.NextOffset ?? 0), pieceBytes, rules);
        return TopicPlan.Of(batch, pieces, mapping != MessageMapping.None, before, stored);
    }

    /// <summary>Returns whether the records of a body are messages as they are, and nothing beside them is kept.</summary>
    internal bool IsPlain(SendOptions options) => keep == KeptFields.None && MappingOf(options.Mapping, out _) == MessageMapping.None;

    private MessageMapping? MappingOf(string? name, out string fault)
    {
        try
        {
            fault = mappings.TryFind(name, out MessageMapping mapping) ? "" : $"there is no mapping '{name}' ({mappings.Describe()}); nothing was stored";
            return fault.Length == 0 ? mapping : null;
        }
        catch (LakeException e)
        {
            fault = $"{e.Message} Nothing was stored";
            return null;
        }
    }

    private RecordRules RulesOf(MessageMapping mapping, SendOptions options) => keep == KeptFields.None && mapping == MessageMapping.None ? _plain
        : new RecordRules(zone, null, mapping, clock) { Keep = keep, Ids = ids, Origin = options.Origin, Source = options is { Origin: null, Key: { } key } ? $"{options.Source}:{key.Key.Name}{(key.Key.Number is { } number ? $":{number}" : "")}" : options.Source };

    private SendOutcome? RefusalOf(List<Rejection> rejections, List<SentPiece> pieces, SendOptions options)
    {
        if (options.Strict && rejections.Count > 0)
        {
            string records = rejections.Count == 1 ? "1 record is not a message" : $"{rejections.Count} records are not messages";
            return SendOutcome.Refused(SendStatus.Invalid, $"{records}; nothing was stored") with { Rejections = rejections };
        }

        return options.AdmitDates is { } admit && SentDates.Of(pieces, zone) is { Count: > 0 } dates ? admit(dates) : null;
    }

    private static bool StartsAs(ReadOnlySpan<byte> body, SourceProgress.ProducerBatch batch) =>
        (batch.Completed ? batch.EndPosition == body.Length : batch.EndPosition < body.Length)
        && Crc32C.Of(body[..(int)batch.EndPosition]) == batch.PrefixCrc32C;
}
