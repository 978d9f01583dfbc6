using OrleansLake.Parquet.Internal.Format;
using OrleansLake.Parquet.Metadata;

namespace OrleansLake.Parquet.Internal.Reading;

/// <summary>Reads a column into a buffer of a type that what is stored converts to without loss; others are a mismatch.</summary>
internal static class TypedColumns
{
    public static void Read(ChunkReader chunk, Int32Buffer into)
    {
        switch (chunk.Leaf.StoredAs)
        {
            case PhysicalType.Int32:
                ValueReader.Read(chunk, into);
                if (chunk.Leaf.IsUnsigned)
                {
                    Conversions.CheckSigned(into.Values);
                }

                break;
            case PhysicalType.Int64 when chunk.Leaf.Unit == TimestampUnit.None:
                var wide = new Int64Buffer();
                ValueReader.Read(chunk, wide);
                Conversions.Narrow(wide, into);
                break;
            default:
                throw Mismatch(chunk.Leaf, "an integer");
        }
    }

    public static void Read(ChunkReader chunk, Int64Buffer into)
    {
        switch (chunk.Leaf.StoredAs)
        {
            case PhysicalType.Int64 or PhysicalType.Int96:
                ValueReader.Read(chunk, into);
                if (chunk.Leaf.IsUnsigned)
                {
                    Conversions.CheckSigned(into.Values);
                }

                Conversions.ToMicros(into.Slots, chunk.Leaf.Unit);
                break;
            case PhysicalType.Int32:
                var narrow = new Int32Buffer();
                ValueReader.Read(chunk, narrow);
                Conversions.Widen(narrow, into, chunk.Leaf.IsUnsigned);
                break;
            default:
                throw Mismatch(chunk.Leaf, "an integer or a timestamp");
        }
    }

    public static void Read(ChunkReader chunk, FloatBuffer into)
    {
        if (chunk.Leaf.StoredAs != PhysicalType.Float)
        {
            throw Mismatch(chunk.Leaf, "a float");
        }

        ValueReader.Read(chunk, into);
    }

    public static void Read(ChunkReader chunk, DoubleBuffer into)
    {
        switch (chunk.Leaf.StoredAs)
        {
            case PhysicalType.Double:
                ValueReader.Read(chunk, into);
                break;
            case PhysicalType.Float:
                var single = new FloatBuffer();
                ValueReader.Read(chunk, single);
                Conversions.Widen(single, into);
                break;
            default:
                throw Mismatch(chunk.Leaf, "a double");
        }
    }

    public static void Read(ChunkReader chunk, BooleanBuffer into)
    {
        if (chunk.Leaf.StoredAs != PhysicalType.Boolean)
        {
            throw Mismatch(chunk.Leaf, "a boolean");
        }

        ValueReader.Read(chunk, into);
    }

    public static void Read(ChunkReader chunk, BytesBuffer into)
    {
        if (chunk.Leaf.StoredAs is not (PhysicalType.ByteArray or PhysicalType.FixedLengthByteArray))
        {
            throw Mismatch(chunk.Leaf, "text or bytes");
        }

        BytesReader.Read(chunk, into);
    }

    private static ParquetException Mismatch(Leaf leaf, string wanted) =>
        new(ParquetErrorKind.TypeMismatch, $"The column is {leaf.Field?.Type} ({leaf.StoredAs}), not {wanted}.");
}
