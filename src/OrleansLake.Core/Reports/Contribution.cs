namespace OrleansLake.Core.Reports;

/// <summary>The contribution of one message to the reports, added or taken back.</summary>
internal struct Contribution
{
    public FieldValues Fields;

    /// <summary>The fields that are null: <c>1 &lt;&lt; field</c>.</summary>
    public byte Nulls;

    /// <summary>1 or -1.</summary>
    public sbyte Delta;
}
