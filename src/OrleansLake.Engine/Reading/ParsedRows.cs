using OrleansLake.Core.Messages;

namespace OrleansLake.Engine.Reading;

/// <summary>Rows of a file that follow each other, as an ingest stores them.</summary>
/// <param name="Messages">The messages.</param>
/// <param name="Rejections">The rows that are none.</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="LeftOut">The values in JSON that no column takes, by the fields' names; null if there are none.</param>
internal sealed record ParsedRows(MessageBatch Messages, List<Rejection> Rejections, int Rows, IReadOnlyDictionary<string, long>? LeftOut = null);
