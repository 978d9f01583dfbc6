using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace OrleansLake.Core.Mapping;

/// <summary>
/// The way to a value in a record: names with dots between (<c>payload.to.user</c>), or a JSON Pointer (RFC 6901, <c>/payload/a.b</c>)
/// where a name has dots itself. An element of an array is named by its index, from 0. A text that holds JSON is read through.
/// </summary>
public sealed class FieldPath
{
    /// <summary>The most names in a path.</summary>
    public const int NamesMax = 16;

    private FieldPath(string text, ImmutableArray<string> names)
    {
        Text = text;
        Names = names;
    }

    /// <summary>Gets what it was made from.</summary>
    public string Text { get; }

    /// <summary>Gets a value indicating whether it is a JSON Pointer, each of whose names is one name.</summary>
    internal bool IsPointer => Text.StartsWith('/');

    /// <summary>Gets the names, from the outermost on.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>Reads a path.</summary>
    /// <param name="text">The path.</param>
    /// <param name="path">The path.</param>
    /// <param name="error">What is wrong with it.</param>
    public static bool TryCreate(string text, [NotNullWhen(true)] out FieldPath? path, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        bool isPointer = text.StartsWith('/');
        string[] names = isPointer
            ? [.. text[1..].Split('/').Select(static name => name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))]
            : text.Split('.');
        error = text.Length == 0 ? "is empty, but a path such as payload.to.user is expected"
            : names.Length > NamesMax ? $"has {names.Length} names, but at most {NamesMax} are expected"
            : !isPointer && names.Contains("") ? $"'{text}' has an empty name: give names with one dot between them, or a JSON Pointer such as /a.b/c where a name has dots"
            : isPointer && HasWrongEscape(text) ? $"'{text}' has a ~ before neither 0 nor 1: write ~0 for a ~ in a name, and ~1 for a / (RFC 6901)"
            : null;
        path = error is null ? new FieldPath(text, [.. names]) : null;
        return error is null;
    }

    private static bool HasWrongEscape(string text)
    {
        for (int at = text.IndexOf('~', StringComparison.Ordinal); at >= 0; at = text.IndexOf('~', at + 1))
        {
            if (at + 1 == text.Length || text[at + 1] is not ('0' or '1'))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
