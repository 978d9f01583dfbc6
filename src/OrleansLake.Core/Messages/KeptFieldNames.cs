namespace OrleansLake.Core.Messages;

/// <summary>The text of kept columns: <c>attributes,source</c>.</summary>
public static class KeptFieldNames
{
    /// <summary>Returns the text; empty: nothing is kept.</summary>
    public static string Text(KeptFields fields) => string.Join(',', new[]
    {
        (fields & KeptFields.Attributes) != 0 ? KeptColumns.AttributesName : null,
        (fields & KeptFields.Source) != 0 ? KeptColumns.SourceName : null,
    }.OfType<string>());

    /// <summary>Reads a text.</summary>
    /// <param name="text">The names, with commas between; empty: nothing is kept.</param>
    /// <param name="fields">What is kept.</param>
    /// <param name="error">What is wrong with it.</param>
    public static bool TryParse(string text, out KeptFields fields, out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        fields = KeptFields.None;
        error = null;
        foreach (string name in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            KeptFields one = Parse(name);
            error ??= one == KeptFields.None ? $"'{name}' is not known; expected attributes, source, or both with a comma between" : null;
            fields |= one;
        }

        return error is null;
    }

    /// <summary>Returns what a name stands for; nothing for one that is not known.</summary>
    public static KeptFields Parse(string name) => name switch
    {
        KeptColumns.AttributesName => KeptFields.Attributes,
        KeptColumns.SourceName => KeptFields.Source,
        _ => KeptFields.None,
    };

    /// <summary>Returns the names.</summary>
    public static string[] NamesOf(KeptFields fields) => Text(fields).Split(',', StringSplitOptions.RemoveEmptyEntries);
}
