using OrleansLake.Core.Messages;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Reading;

/// <summary>The kept columns of a row group of one of the lake's files.</summary>
internal sealed class KeptBuffers
{
    private readonly BytesBuffer? _attributes;
    private readonly BytesBuffer? _sources;
    private readonly Int64Buffer? _offsets;

    private KeptBuffers(BytesBuffer? attributes, BytesBuffer? sources, Int64Buffer? offsets)
    {
        _attributes = attributes;
        _sources = sources;
        _offsets = offsets;
    }

    /// <summary>Gets which columns the file has.</summary>
    internal KeptFields Fields => (_attributes is null ? 0 : KeptFields.Attributes) | (_offsets is null ? 0 : KeptFields.Source);

    /// <summary>Reads it; null if the file has nothing of it.</summary>
    /// <param name="reader">The open file.</param>
    /// <param name="rowGroup">The row group's index.</param>
    /// <param name="rows">The rows that are read; null: all.</param>
    internal static KeptBuffers? Read(ParquetReader reader, int rowGroup, IReadOnlyList<RowRange>? rows = null)
    {
        BytesBuffer? attributes = null;
        BytesBuffer? sources = null;
        Int64Buffer? offsets = null;
        if (reader.HasColumn(KeptColumns.AttributesName))
        {
            reader.Read(rowGroup, KeptColumns.AttributesName, attributes = new BytesBuffer(), rows);
        }

        if (reader.HasColumn(KeptColumns.SourceOffsetName))
        {
            reader.Read(rowGroup, KeptColumns.SourceName, sources = new BytesBuffer(), rows);
            reader.Read(rowGroup, KeptColumns.SourceOffsetName, offsets = new Int64Buffer(), rows);
        }

        return attributes is null && offsets is null ? null : new KeptBuffers(attributes, sources, offsets);
    }

    /// <summary>Appends the rows of a range.</summary>
    internal void AppendTo(KeptColumns kept, RowSpan range)
    {
        for (int row = range.Start; row < range.End; row++)
        {
            kept.Append(Attributes(row), Source(row), SourceOffset(row));
        }
    }

    /// <summary>Returns the fields of a row that no column takes; empty if there are none.</summary>
    internal ReadOnlySpan<byte> Attributes(int row) => _attributes is null || _attributes.IsNull(row) ? default : _attributes[row];

    /// <summary>Returns where a row came from; empty if that is not known.</summary>
    internal ReadOnlySpan<byte> Source(int row) => _sources is null || _sources.IsNull(row) ? default : _sources[row];

    /// <summary>Returns the record's number there.</summary>
    internal long? SourceOffset(int row) => _offsets is null || _offsets.IsNull(row) ? null : _offsets.Values[row];
}
