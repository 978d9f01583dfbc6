namespace OrleansLake.Engine.Ingest;

/// <summary>Where a text's records end.</summary>
/// <param name="Kind">What its records are.</param>
/// <param name="Separator">What stands between the fields of a table.</param>
internal readonly record struct TextLayout(TextKind Kind, byte Separator = 0)
{
    /// <summary>Gets lines of JSON.</summary>
    internal static TextLayout Lines => new(TextKind.Lines);

    /// <summary>Gets CSV with commas.</summary>
    internal static TextLayout Csv => new(TextKind.Table, (byte)',');

    /// <summary>Gets CSV with tabs.</summary>
    internal static TextLayout Tsv => new(TextKind.Table, (byte)'\t');

    internal bool IsTable => Kind == TextKind.Table;
}
