namespace OrleansLake.Core.Messages;

/// <summary>
/// A column of message ids. A UUID in its canonical text is held as its 16 bytes, which is what makes hashing,
/// comparing and storing ids cheap; every other text is held as it came.
/// </summary>
public sealed class MessageIdColumn
{
    private MessageIdKind[] _kinds = [];
    private MessageIdBits[] _bits = [];

    /// <summary>Gets the number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>Gets one kind a row. Valid until the next append.</summary>
    public ReadOnlySpan<MessageIdKind> Kinds => _kinds.AsSpan(0, Count);

    /// <summary>Gets one value a row, to be read by its kind. Valid until the next append.</summary>
    public ReadOnlySpan<MessageIdBits> Bits => _bits.AsSpan(0, Count);

    /// <summary>Gets the ids that are not UUIDs, in row order; <see cref="MessageIdBits.Low"/> is the row in here.</summary>
    public TextColumn Texts { get; } = new();

    /// <summary>Appends an id.</summary>
    public void Append(ReadOnlySpan<byte> utf8)
    {
        if (UuidText.TryParse(utf8, out MessageIdBits bits))
        {
            Append(MessageIdKind.Uuid, bits);
            return;
        }

        Append(MessageIdKind.Text, new MessageIdBits(StableHash.OfText(utf8), (ulong)Texts.Count));
        Texts.Append(utf8);
    }

    /// <summary>Appends a UUID by its bytes.</summary>
    public void AppendUuid(MessageIdBits bits) => Append(MessageIdKind.Uuid, bits);

    /// <summary>Appends UUIDs by their bytes.</summary>
    public void AppendUuids(ReadOnlySpan<MessageIdBits> bits)
    {
        Grow(Count + bits.Length);
        bits.CopyTo(_bits.AsSpan(Count));
        _kinds.AsSpan(Count, bits.Length).Fill(MessageIdKind.Uuid);
        Count += bits.Length;
    }

    /// <summary>Appends a null.</summary>
    public void AppendNull() => Append(MessageIdKind.Null, default);

    /// <summary>Appends a row of another column, null or not.</summary>
    public void AppendRow(MessageIdColumn from, int row)
    {
        ArgumentNullException.ThrowIfNull(from);
        switch (from._kinds[row])
        {
            case MessageIdKind.Uuid:
                AppendUuid(from._bits[row]);
                break;
            case MessageIdKind.Text:
                Append(from.Texts[(int)from._bits[row].Low]);
                break;
            default:
                AppendNull();
                break;
        }
    }

    /// <summary>Returns the length of a row's text in bytes.</summary>
    public int TextLength(int row) => _kinds[row] switch
    {
        MessageIdKind.Uuid => UuidText.Length,
        MessageIdKind.Text => Texts[(int)_bits[row].Low].Length,
        _ => 0,
    };

    /// <summary>Writes a row's text, whose length is <see cref="TextLength"/>, to the start of a span.</summary>
    public void CopyText(int row, Span<byte> destination)
    {
        if (_kinds[row] == MessageIdKind.Uuid)
        {
            UuidText.Format(_bits[row], destination);
        }
        else if (_kinds[row] == MessageIdKind.Text)
        {
            Texts[(int)_bits[row].Low].CopyTo(destination);
        }
    }

    /// <summary>Returns the fixed hash of a row's id: it decides the partition and the shard. A null's is 0.</summary>
    public ulong Hash(int row) => _kinds[row] switch
    {
        MessageIdKind.Uuid => StableHash.OfBits(_bits[row].High, _bits[row].Low),
        MessageIdKind.Text => _bits[row].High,
        _ => 0,
    };

    /// <summary>Ensures capacity for this many rows in all.</summary>
    public void Reserve(int rows)
    {
        ArrayGrowth.Reserve(ref _kinds, Count, rows);
        ArrayGrowth.Reserve(ref _bits, Count, rows);
    }

    /// <summary>Drops the rows from <paramref name="count"/> on.</summary>
    public void Truncate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        int texts = Texts.Count;
        for (int row = count; row < Count; row++)
        {
            texts -= _kinds[row] == MessageIdKind.Text ? 1 : 0;
        }

        Texts.Truncate(texts);
        Count = count;
    }

    private void Append(MessageIdKind kind, MessageIdBits bits)
    {
        Grow(Count + 1);
        _kinds[Count] = kind;
        _bits[Count++] = bits;
    }

    private void Grow(int rows)
    {
        if (rows > _kinds.Length)
        {
            Reserve(Math.Max(rows, Math.Max(16, _kinds.Length * 2)));
        }
    }
}
