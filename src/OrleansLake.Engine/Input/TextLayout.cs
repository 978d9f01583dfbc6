namespace OrleansLake.Engine.Input;

/// <summary>The layout of a text: where its records end.</summary>
/// <param name="Kind">What its records are.</param>
/// <param name="Separator">The separator of the fields of a table.</param>
internal readonly record struct TextLayout(TextKind Kind, byte Separator = 0)
{
    /// <summary>Gets lines of JSON.</summary>
    internal static TextLayout Lines => new(TextKind.Lines);

    /// <summary>Gets JSON values, whatever separates them.</summary>
    internal static TextLayout Values => new(TextKind.Values);

    /// <summary>Gets the elements of JSON arrays.</summary>
    internal static TextLayout Elements => new(TextKind.Elements);

    /// <summary>Gets lines of forms.</summary>
    internal static TextLayout Forms => new(TextKind.Forms);

    /// <summary>Gets CSV with commas.</summary>
    internal static TextLayout Csv => Table((byte)',');

    internal bool IsTable => Kind == TextKind.Table;

    internal bool IsJsonText => Kind is TextKind.Values or TextKind.Elements;

    /// <summary>Returns rows behind a header.</summary>
    internal static TextLayout Table(byte separator) => new(TextKind.Table, separator);
}
