namespace OrleansLake.Grains.Wire;

/// <summary>A <see cref="TopicBatchEnvelope"/> between processes.</summary>
[GenerateSerializer, Alias("OrleansLake.TopicBatchEnvelope")]
internal record struct TopicBatchEnvelopeSurrogate
{
    /// <summary>Gets or sets the topic's identity.</summary>
    [Id(0)]
    public string Topic { get; set; }

    /// <summary>Gets or sets the number of the topic's partition.</summary>
    [Id(1)]
    public int Partition { get; set; }

    /// <summary>Gets or sets the records.</summary>
    [Id(2)]
    public TopicRecordDto[] Records { get; set; }

    /// <summary>Gets or sets the offset from which to read on once they are stored.</summary>
    [Id(3)]
    public long NextOffset { get; set; }

    /// <summary>Gets or sets what the source is called where people see it.</summary>
    [Id(4)]
    public string Name { get; set; }

    /// <summary>Gets or sets the name of the mapping; null: the default one.</summary>
    [Id(5)]
    public string? Mapping { get; set; }
}
