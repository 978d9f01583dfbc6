using System.Collections.Immutable;

namespace OrleansLake.Core.Mapping;

/// <summary>The values that a place in the records of a sample has.</summary>
/// <param name="names">The names that lead there, from the outermost on.</param>
/// <param name="textAt">After how many of them the way leads on through JSON in a text; 0 if it does not.</param>
internal sealed class PathFacts(ImmutableArray<string> names, int textAt)
{
    /// <summary>The most values that are distinguished.</summary>
    public const int DistinctMax = 1000;

    private readonly Dictionary<string, int> _distinct = new(StringComparer.Ordinal);

    /// <summary>Gets the names that lead there.</summary>
    public ImmutableArray<string> Names { get; } = names;

    /// <summary>Gets after how many names the way leads on through JSON in a text; 0 if it does not.</summary>
    public int TextAt { get; } = textAt;

    /// <summary>Gets or sets a value indicating whether values are texts that hold JSON.</summary>
    public bool HoldsMore { get; set; }

    /// <summary>Gets a value indicating whether the way leads through an array, by the index of its first element.</summary>
    public bool IsInArray { get; init; }

    /// <summary>Gets or sets a value indicating whether its column says what time its values are.</summary>
    public bool IsTypedTime { get; set; }

    /// <summary>Gets the records that have a value there that is not null.</summary>
    public HashSet<int> Records { get; } = [];

    /// <summary>Gets the number of values, those alone that are not null, an object, an array or an empty text.</summary>
    public int Count { get; private set; }

    /// <summary>Gets how many of them are true or false.</summary>
    public int Truths { get; private set; }

    /// <summary>Gets how many of them are numbers with a fraction or an exponent.</summary>
    public int Reals { get; private set; }

    /// <summary>Gets the values and how often each is there, <see cref="DistinctMax"/> of them at most, in the order in which they came.</summary>
    public IReadOnlyDictionary<string, int> Distinct => _distinct;

    /// <summary>Gets a value indicating whether most of them are texts and whole numbers: a few others are rejected, and not what the place holds.</summary>
    public bool IsMostlyText => (Truths + Reals) * 5 <= Count;

    /// <summary>Takes a value.</summary>
    /// <param name="record">Its record.</param>
    /// <param name="value">It as text.</param>
    /// <param name="isNumber">Whether it is a number.</param>
    /// <param name="isTruth">Whether it is true or false.</param>
    public void Add(int record, string value, bool isNumber, bool isTruth)
    {
        if (value.Length == 0)
        {
            return;
        }

        Records.Add(record);
        Count++;
        Truths += isTruth ? 1 : 0;
        Reals += isNumber && value.AsSpan().ContainsAny(".eE") ? 1 : 0;
        if (_distinct.TryGetValue(value, out int times) || _distinct.Count < DistinctMax)
        {
            _distinct[value] = times + 1;
        }
    }
}
