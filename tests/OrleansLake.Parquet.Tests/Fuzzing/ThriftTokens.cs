namespace OrleansLake.Parquet.Tests.Fuzzing;

/// <summary>Takes a good structure in Thrift's compact protocol apart.</summary>
internal sealed class ThriftTokens(byte[] bytes, int start)
{
    private int _at = start;

    public List<ThriftToken> Tokens { get; } = [];

    /// <summary>Gets the place where the structure ends.</summary>
    public int End => _at;

    public ThriftTokens ReadStruct()
    {
        for (int head = bytes[_at]; head != 0; head = bytes[_at])
        {
            Add(ThriftTokenKind.FieldHead, 1);
            if (head >> 4 == 0)
            {
                Varint(ThriftTokenKind.Number);
            }

            Value(head & 15, isElement: false);
        }

        _at++;
        return this;
    }

    private void Value(int type, bool isElement)
    {
        switch (type)
        {
            case 1 or 2: _at += isElement ? 1 : 0; break;
            case 3: Add(ThriftTokenKind.Number, 1); break;
            case 4 or 5 or 6: Varint(ThriftTokenKind.Number); break;
            case 7: _at += 8; break;
            case 8: Add(ThriftTokenKind.BinaryBytes, (int)Varint(ThriftTokenKind.BinaryLength)); break;
            case 9 or 10: List(); break;
            case 12: ReadStruct(); break;
            default: throw new InvalidOperationException($"type {type} at {_at}");
        }
    }

    private void List()
    {
        int head = bytes[_at];
        Add(ThriftTokenKind.ListHead, 1);
        long count = head >> 4 == 15 ? Varint(ThriftTokenKind.Number) : head >> 4;
        for (long i = 0; i < count; i++)
        {
            Value(head & 15, isElement: true);
        }
    }

    private long Varint(ThriftTokenKind kind)
    {
        long value = 0;
        int length = 0;
        do
        {
            value |= (long)(bytes[_at + length] & 0x7F) << (7 * length);
        }
        while (bytes[_at + length++] >= 0x80);
        Add(kind, length);
        return value;
    }

    private void Add(ThriftTokenKind kind, int length)
    {
        Tokens.Add(new ThriftToken(kind, _at, length));
        _at += length;
    }
}
