using OrleansLake.Core.Reports;

namespace OrleansLake.Engine.Publishing;

/// <summary>Copies of reports, each of which is disposed when what is wanted was made of it.</summary>
internal static class ReportCopies
{
    /// <summary>Makes something of each copy.</summary>
    internal static T[] Make<T>(IReadOnlyList<ReportCopy> copies, Func<ReportCopy, T> make) => [.. copies.Select(copy =>
    {
        using (copy)
        {
            return make(copy);
        }
    })];
}
