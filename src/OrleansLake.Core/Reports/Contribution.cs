namespace OrleansLake.Core.Reports;

/// <summary>What one message adds to the reports, or what is taken back of it.</summary>
internal struct Contribution
{
    public FieldValues Fields;

    /// <summary>The fields that are null: <c>1 &lt;&lt; field</c>.</summary>
    public byte Nulls;

    /// <summary>1 or -1.</summary>
    public sbyte Delta;
}
