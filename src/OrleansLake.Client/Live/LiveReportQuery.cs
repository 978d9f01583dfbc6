namespace OrleansLake.Client;

/// <summary>A report that is watched.</summary>
/// <param name="Report">Its name.</param>
/// <param name="Filter">The rows that are wanted.</param>
public sealed record LiveReportQuery(string Report, ReportFilter Filter)
{
    /// <summary>Gets its name.</summary>
    public string Report { get; init => field = NotNull(value, nameof(Report)); } = NotNull(Report, nameof(Report));

    /// <summary>Gets the rows that are wanted.</summary>
    public ReportFilter Filter { get; init => field = NotNull(value, nameof(Filter)); } = NotNull(Filter, nameof(Filter));

    private static T NotNull<T>(T value, string name)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(value, name);
        return value;
    }
}
