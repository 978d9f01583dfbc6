namespace OrleansLake.Core.Messages;

/// <summary>
/// The columns that a lake may keep beside those of a message (<see cref="KeptFields"/>): a row for each of the batch's, null where nothing
/// was kept.
/// </summary>
public sealed class KeptColumns
{
    /// <summary>The name of the column of fields that no column takes.</summary>
    public const string AttributesName = "attributes";

    /// <summary>The name of the column of sources.</summary>
    public const string SourceName = "source";

    /// <summary>The name of the column of records' numbers.</summary>
    public const string SourceOffsetName = "source_offset";

    /// <summary>Gets the fields that no column takes: JSON objects.</summary>
    public TextColumn Attributes { get; } = new();

    /// <summary>Gets where records came from: files, queues, senders.</summary>
    public NameColumn Sources { get; } = new();

    /// <summary>Gets the records' numbers in their sources, from 1. Appended last: it counts the rows.</summary>
    public NumberColumn<long> SourceOffsets { get; } = new();

    /// <summary>Gets which of them were kept, of some row at least; whether there was anything to keep or not.</summary>
    public KeptFields Fields { get; private set; }

    /// <summary>Notes what is kept of rows.</summary>
    internal void Add(KeptFields fields) => Fields |= fields;

    /// <summary>Appends a row.</summary>
    /// <param name="attributes">The fields that no column takes; empty: there are none.</param>
    /// <param name="source">The source; empty: it is not kept.</param>
    /// <param name="sourceOffset">The record's number; null if its source gives none.</param>
    public void Append(ReadOnlySpan<byte> attributes, ReadOnlySpan<byte> source, long? sourceOffset)
    {
        if (attributes.IsEmpty)
        {
            Attributes.AppendNull();
        }
        else
        {
            Attributes.Append(attributes);
        }

        if (source.IsEmpty)
        {
            Sources.AppendNull();
        }
        else
        {
            Sources.Append(source);
        }

        if (!source.IsEmpty && sourceOffset is { } number)
        {
            SourceOffsets.Append(number);
        }
        else
        {
            SourceOffsets.AppendNull();
        }
    }

    /// <summary>Appends rows without any of it.</summary>
    internal void AppendNulls(int rows)
    {
        for (int row = 0; row < rows; row++)
        {
            Append(default, default, null);
        }
    }

    internal void AppendRow(KeptColumns from, int row)
    {
        Fields |= from.Fields;
        Attributes.AppendRow(from.Attributes, row);
        Sources.AppendRow(from.Sources, row);
        SourceOffsets.AppendRow(from.SourceOffsets, row);
    }

    internal void AppendAll(KeptColumns? from, int rows)
    {
        Add(from?.Fields ?? KeptFields.None);
        if (from is null)
        {
            AppendNulls(rows);
            return;
        }

        for (int row = 0; row < rows; row++)
        {
            AppendRow(from, row);
        }
    }

    internal void Truncate(int count)
    {
        Attributes.Truncate(Math.Min(count, Attributes.Count));
        Sources.Truncate(Math.Min(count, Sources.Count));
        SourceOffsets.Truncate(Math.Min(count, SourceOffsets.Count));
    }
}
