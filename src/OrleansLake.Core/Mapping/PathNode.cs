using System.Globalization;
using System.Text;

namespace OrleansLake.Core.Mapping;

/// <summary>A place in a record to which paths lead, and the names below it. May be shared between threads once it is built.</summary>
/// <param name="name">Its name.</param>
/// <param name="text">The name by which errors call it.</param>
internal sealed class PathNode(string name = "", string text = "")
{
    private readonly List<PathNode> _children = [];
    private readonly byte[] _name = Encoding.UTF8.GetBytes(name);

    /// <summary>Gets the numbers of the paths that end here.</summary>
    public List<int> Slots { get; } = [];

    /// <summary>Gets or sets the index of the field that is the value here and nothing else; -1: what is here is one of several values, or of several fields.</summary>
    public int Field { get; set; } = -1;

    /// <summary>Gets a value indicating whether paths go on from here.</summary>
    public bool HasChildren => _children.Count > 0;

    /// <summary>Gets the name by which errors call it.</summary>
    public string Text { get; } = text;

    /// <summary>Gets <see cref="Text"/> in UTF-8.</summary>
    public byte[] Utf8 { get; } = Encoding.UTF8.GetBytes(text);

    /// <summary>Adds a path.</summary>
    /// <param name="names">Its names from here on.</param>
    /// <param name="slot">Its number.</param>
    /// <returns>Where it ends.</returns>
    public PathNode Add(ReadOnlySpan<string> names, int slot)
    {
        if (names.IsEmpty)
        {
            Slots.Add(slot);
            return this;
        }

        PathNode? child = Find(Encoding.UTF8.GetBytes(names[0]));
        if (child is null)
        {
            child = new PathNode(names[0], Text.Length == 0 ? names[0] : $"{Text}.{names[0]}");
            _children.Add(child);
        }

        return child.Add(names[1..], slot);
    }

    /// <summary>Returns the place of a name; null if no path leads there.</summary>
    public PathNode? Find(ReadOnlySpan<byte> name)
    {
        foreach (PathNode node in _children)
        {
            if (name.SequenceEqual(node._name))
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
