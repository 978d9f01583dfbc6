namespace OrleansLake.Core.Reports;

/// <summary>
/// The names of a report's counted columns, in the order in which they were given. A value that has a name
/// keeps it, whatever comes later and while it is away; one that is new is named by the rule of <see cref="ColumnNaming"/>, beside
/// all names that were given before. Immutable.
/// </summary>
public sealed class KeptNames
{
    private readonly Dictionary<string, string> _byValue = new(StringComparer.Ordinal);
    private readonly string? _ofNull;

    /// <summary>Takes names over.</summary>
    /// <param name="names">The names, each value once.</param>
    public KeptNames(IReadOnlyList<KeptName> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        All = names;
        foreach (KeptName name in names)
        {
            if (name.Value is null)
            {
                _ofNull = name.Name;
            }
            else
            {
                _byValue[name.Value] = name.Name;
            }
        }
    }

    /// <summary>Gets names of nothing.</summary>
    public static KeptNames None { get; } = new([]);

    /// <summary>Gets all names.</summary>
    public IReadOnlyList<KeptName> All { get; }

    /// <summary>Adds names for the columns of a report that have none.</summary>
    /// <returns>These names themselves if there is no new column.</returns>
    public KeptNames With(ReportTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        List<int> unnamed = [];
        for (int i = 0; i < table.Values.Count; i++)
        {
            if (Find(table.Values[i]) is null)
            {
                unnamed.Add(i);
            }
        }

        if (unnamed.Count == 0)
        {
            return this;
        }

        string[] names = ColumnNaming.Beside(table.OwnNames, [.. unnamed.Select(i => table.ValueNames[i])], All.Select(kept => kept.Name));
        return new KeptNames([.. All, .. unnamed.Select((column, i) => new KeptName(table.Values[column], names[i]))]);
    }

    /// <summary>Names the columns of a report: those that are kept, and to new ones what they would get now.</summary>
    /// <returns>The report itself if they have them.</returns>
    public ReportTable Apply(ReportTable table)
    {
        KeptNames names = With(table);
        return table.WithNames([.. table.Values.Select(value => names.Find(value)!)]);
    }

    private string? Find(string? value) => value is null ? _ofNull : _byValue.GetValueOrDefault(value);
}
