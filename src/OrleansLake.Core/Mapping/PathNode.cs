using System.Globalization;
using System.Text;

namespace OrleansLake.Core.Mapping;

/// <summary>A place in a record to which paths lead, and the names below it. May be shared between threads once it is built.</summary>
/// <param name="text">The name by which errors call it.</param>
internal sealed class PathNode(string text = "")
{
    private readonly List<(byte[] Name, PathNode Node)> _children = [];

    /// <summary>Gets the numbers of the paths that end here.</summary>
    public List<int> Slots { get; } = [];

    /// <summary>Gets a value indicating whether paths go on from here.</summary>
    public bool HasChildren => _children.Count > 0;

    /// <summary>Gets the name by which errors call it.</summary>
    public string Text { get; } = text;

    /// <summary>Gets <see cref="Text"/> in UTF-8.</summary>
    public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(text);

    /// <summary>Adds a path.</summary>
    /// <param name="names">Its names from here on.</param>
    /// <param name="slot">Its number.</param>
    public void Add(ReadOnlySpan<string> names, int slot)
    {
        if (names.IsEmpty)
        {
            Slots.Add(slot);
            return;
        }

        byte[] name = Encoding.UTF8.GetBytes(names[0]);
        PathNode? child = Find(name);
        if (child is null)
        {
            child = new PathNode(Text.Length == 0 ? names[0] : $"{Text}.{names[0]}");
            _children.Add((name, child));
        }

        child.Add(names[1..], slot);
    }

    /// <summary>Returns the place of a name; null if no path leads there.</summary>
    public PathNode? Find(ReadOnlySpan<byte> name)
    {
        foreach ((byte[] known, PathNode node) in _children)
        {
            if (name.SequenceEqual(known))
            {
                return node;
            }
        }

        return null;
    }

    /// <summary>Returns the place of an array's element; null if no path leads there.</summary>
    public PathNode? Find(int index)
    {
        Span<byte> digits = stackalloc byte[11];
        index.TryFormat(digits, out int written, default, CultureInfo.InvariantCulture);
        return Find(digits[..written]);
    }
}
