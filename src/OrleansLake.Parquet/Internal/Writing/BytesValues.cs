namespace OrleansLake.Parquet.Internal.Writing;

/// <summary>Byte arrays without nulls: value <c>i</c> is <c>Bytes[Starts[i]..Ends[i]]</c>.</summary>
internal readonly ref struct BytesValues(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> starts, ReadOnlySpan<int> ends)
{
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public ReadOnlySpan<int> Starts { get; } = starts;

    public ReadOnlySpan<int> Ends { get; } = ends;

    public int Count => Starts.Length;

    public ReadOnlySpan<byte> this[int index] => Bytes[Starts[index]..Ends[index]];

    public BytesValues Slice(int start, int count) => new(Bytes, Starts.Slice(start, count), Ends.Slice(start, count));

    public long TotalBytes()
    {
        long total = 0;
        for (int i = 0; i < Starts.Length; i++)
        {
            total += Ends[i] - Starts[i];
        }

        return total;
    }
}
