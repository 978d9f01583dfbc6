using OrleansLake.Core.Messages;

namespace OrleansLake.Core.State;

/// <summary>
/// A batch with everything that is worked out once for all shards. Made to be used again and again: its arrays grow
/// to the largest batch. Its owner fills it by <see cref="LakeState.Prepare"/> and leaves it, the batch behind
/// it included, alone until all shards have applied it.
/// </summary>
public sealed class PreparedBatch
{
    private int[] _days = [];
    private byte[] _isCorrupted = [];
    private byte[] _dayShifts = [];

    /// <summary>Gets the messages.</summary>
    public MessageBatch Batch { get; private set; } = new();

    /// <summary>Gets the offset of the batch's first message; the others follow without a gap.</summary>
    public long FirstOffset { get; private set; }

    /// <summary>Gets the number of messages.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the number of messages that are corrupted.</summary>
    public int CorruptedCount { get; internal set; }

    /// <summary>Gets one local day a message: days since 1970-01-01, or <see cref="LakeState.NoDay"/>.</summary>
    public ReadOnlySpan<int> Days => _days.AsSpan(0, Count);

    /// <summary>Gets one byte a message: 1 if it is corrupted, else 0.</summary>
    public ReadOnlySpan<byte> IsCorrupted => _isCorrupted.AsSpan(0, Count);

    /// <summary>
    /// Gets or sets one a message where others decided what counts, as a key's own grain does; empty where the state decides. To be
    /// set after <see cref="LakeState.Prepare"/>.
    /// </summary>
    public KeyDecision[] Decisions { get; set; } = [];

    /// <summary>Gets the rows that are not corrupted, shard by shard, ascending within one.</summary>
    internal int[] ShardRows { get; private set; } = [];

    /// <summary>Gets the ids' hashes, beside <see cref="ShardRows"/>.</summary>
    internal ulong[] ShardHashes { get; private set; } = [];

    /// <summary>Gets the index at which each shard's rows start in <see cref="ShardRows"/>; one more for the end.</summary>
    internal int[] ShardStarts { get; } = new int[LakeState.ShardCount + 1];

    /// <summary>Gets the hashes by row, before the rows are put shard by shard.</summary>
    internal ulong[] RowHashes { get; private set; } = [];

    /// <summary>Gets the state's codes by the batch's codes + 1, filled for the codes that occur.</summary>
    internal NameMapping EventTypes { get; } = new();

    /// <summary>Gets the state's codes by the batch's codes + 1, filled for the codes that occur.</summary>
    internal NameMapping Channels { get; } = new();

    /// <summary>Gets or sets the state's codes of users by row; null where users are numbers of 32 bits.</summary>
    internal int[]? UserCodes { get; set; }

    /// <summary>Gets or sets the state's codes of countries by row; null where countries are numbers of 32 bits.</summary>
    internal int[]? CountryCodes { get; set; }

    /// <summary>Gets the numbers of messages that are corrupted and that are not, by day.</summary>
    internal DayCounts LedgerDays { get; } = new();

    /// <summary>Gets one byte a message: its day as <see cref="FirstOccurrence.DayShift"/> holds it.</summary>
    internal Span<byte> DayShifts => _dayShifts.AsSpan(0, Count);

    internal Span<byte> Corrupted => _isCorrupted.AsSpan(0, Count);

    internal void Reset(MessageBatch batch, long firstOffset, ReadOnlySpan<int> days)
    {
        Batch = batch;
        FirstOffset = firstOffset;
        Count = batch.Count;
        CorruptedCount = 0;
        Decisions = [];
        if (_days.Length < Count)
        {
            int capacity = Math.Max(Count, Math.Min(_days.Length * 2, Array.MaxLength));
            _days = new int[capacity];
            _isCorrupted = new byte[capacity];
            _dayShifts = new byte[capacity];
            ShardRows = new int[capacity];
            ShardHashes = new ulong[capacity];
            RowHashes = new ulong[capacity];
        }

        days.CopyTo(_days);
        LedgerDays.Clear();
        EventTypes.Reset(batch.EventTypes);
        Channels.Reset(batch.Channels);
    }
}
