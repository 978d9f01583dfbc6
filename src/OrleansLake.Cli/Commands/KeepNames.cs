using System.CommandLine;
using OrleansLake.Core.Messages;

namespace OrleansLake.Cli.Commands;

/// <summary>The names of kept columns at the command line.</summary>
internal static class KeepNames
{
    private const string Names = "attributes,source";

    /// <summary>Creates the option of commands that create a lake.</summary>
    public static ParsedOption<KeptFields?> NewOption()
    {
        ParsedOption<KeptFields?> keep = ParsedOption.Of<KeptFields?>(
            "--keep", "What is kept beside messages: the fields that no column takes, where each record came from, or both; given when the lake is created (nothing if not)", Names,
            (string text, out string? error) => Parse(text, out error));
        string[] each = [KeptColumns.AttributesName, KeptColumns.SourceName, Names];
        keep.CompletionSources.Add(each);
        return keep;
    }

    /// <summary>Reads what is to be kept.</summary>
    /// <param name="text">The names.</param>
    /// <param name="error">What is wrong with them.</param>
    public static KeptFields Parse(string text, out string? error)
    {
        if (KeptFieldNames.TryParse(text, out KeptFields fields, out error) && fields == KeptFields.None)
        {
            error = "expected attributes, source, or both with a comma between";
        }

        return fields;
    }
}
