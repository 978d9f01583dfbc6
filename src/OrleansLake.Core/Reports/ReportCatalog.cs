using System.Collections;
using System.Collections.Immutable;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Reports;

/// <summary>
/// The reports that a lake keeps, each found by its name. Everybody who writes a lake, or reads one from its files, is to have the
/// same ones: they are made of what the lake keeps anyway, and nothing on disk names them before their gold does.
/// </summary>
public sealed class ReportCatalog : IReadOnlyList<ReportDefinition>
{
    // Beside the reports in gold.
    private const string LedgerName = "ledger";
    private const int NameLengthMax = 64;

    private readonly ImmutableArray<ReportDefinition> _reports;

    /// <summary>Makes a catalog of some reports.</summary>
    /// <exception cref="ArgumentException">A report cannot be counted or distinguished by its rows, its name cannot be a folder's, or two have one name.</exception>
    public ReportCatalog(params IReadOnlyList<ReportDefinition> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        _reports = [.. reports];
        foreach (ReportDefinition report in _reports)
        {
            Validate(report);
        }

        if (_reports.DistinctBy(static report => report.Name, StringComparer.OrdinalIgnoreCase).Count() != _reports.Length)
        {
            throw new ArgumentException($"Two reports have one name; there are {Names}.", nameof(reports));
        }
    }

    /// <inheritdoc/>
    public int Count => _reports.Length;

    /// <summary>Gets the names with commas between, for a message.</summary>
    public string Names => string.Join(", ", _reports.Select(static report => report.Name));

    /// <inheritdoc/>
    public ReportDefinition this[int index] => _reports[index];

    /// <summary>Returns a catalog with more reports.</summary>
    /// <exception cref="ArgumentException">One of them cannot be added.</exception>
    public ReportCatalog With(params IReadOnlyList<ReportDefinition> reports) => new([.. _reports, .. reports.Select(report => report.Of(Ids))]) { Ids = Ids };

    /// <summary>Gets the types of the ids of the lake whose reports these are.</summary>
    public IdTypes Ids { get; private init; } = IdTypes.Default;

    /// <summary>Returns the same reports of a lake with ids of some types.</summary>
    public ReportCatalog Of(IdTypes ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return Ids == ids ? this : new ReportCatalog([.. _reports.Select(report => report.Of(ids))]) { Ids = ids };
    }

    /// <summary>Finds a report by its name, letter for letter; null if there is none.</summary>
    public ReportDefinition? Find(string? name)
    {
        foreach (ReportDefinition report in _reports)
        {
            if (report.Name == name)
            {
                return report;
            }
        }

        return null;
    }

    /// <summary>Finds the place of a report, at which lists of one thing for each report have what is its own.</summary>
    /// <exception cref="ArgumentException">It is not one of them.</exception>
    public int IndexOf(string name)
    {
        for (int i = 0; i < _reports.Length; i++)
        {
            if (_reports[i].Name == name)
            {
                return i;
            }
        }

        throw new ArgumentException($"The lake keeps no report {name}; there are {Names}.", nameof(name));
    }

    /// <inheritdoc cref="IndexOf(string)"/>
    public int IndexOf(ReportDefinition report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return IndexOf(report.Name);
    }

    /// <inheritdoc/>
    public IEnumerator<ReportDefinition> GetEnumerator() => ((IEnumerable<ReportDefinition>)_reports).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static void Validate(ReportDefinition report)
    {
        ArgumentNullException.ThrowIfNull(report);
        report.Validate();
        if (report.Name.Length is 0 or > NameLengthMax || !char.IsAsciiLetterLower(report.Name[0])
            || !report.Name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_') || report.Name == LedgerName)
        {
            throw new ArgumentException(
                $"A report cannot be called '{report.Name}'. Its name is a folder's: lower-case letters of ASCII, digits and _, a letter first, at most {NameLengthMax} characters, and not '{LedgerName}'.");
        }

        if (!ReportRowNames.CanTell(report))
        {
            throw new ArgumentException($"Report '{report.Name}' needs rows by one date, user or country and one text at most, and columns by a text.");
        }
    }
}
