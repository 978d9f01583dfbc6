using OrleansLake.Core.Reports;

namespace OrleansLake.Client;

/// <summary>
/// A place outside of the lake where its reports are kept as they change: a database, a topic. What is written there follows the lake step by
/// step, and what an earlier owner writes late never replaces what a newer one has written.
/// </summary>
/// <remarks>Its methods are called one after the other. Its text, by <see cref="object.ToString"/>, is for people and never holds a password.</remarks>
public interface IReportSink : IAsyncDisposable
{
    /// <summary>Gets a name for metrics: the same whenever it is the same place.</summary>
    string Name { get; }

    /// <summary>Gets the names of the reports that it wants; none: all that the lake has.</summary>
    IReadOnlyList<string> Reports { get; }

    /// <summary>
    /// Becomes the owner of the place: it creates the next epoch there, by compare-and-set, and from then on nothing counts that owners of
    /// earlier epochs write. Called before the first step, and again after each failure; then the steps begin again with whole reports.
    /// </summary>
    /// <param name="reports">The reports that will be written.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The epoch.</returns>
    /// <exception cref="SinkException">The place cannot be used: the message says why.</exception>
    Task<long> OpenAsync(IReadOnlyList<ReportDefinition> reports, CancellationToken cancellationToken);

    /// <summary>Writes what changed, all of it or nothing; where the place has transactions, its readers see all of it at once.</summary>
    /// <param name="changes">What changed since the step before.</param>
    /// <param name="cancellationToken">Gives up; the step is written again, by the next owner.</param>
    /// <exception cref="SinkOwnershipException">Another owner has come.</exception>
    /// <exception cref="SinkException">It cannot be written: the message says why.</exception>
    Task WriteAsync(SinkStep changes, CancellationToken cancellationToken);
}
