using System.Buffers;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;

namespace OrleansLake.Client;

/// <summary>
/// A lake as applications see it: messages in, reports out, as data and as they change. One contract for the engine in
/// the same process, for HTTP and for any other host; nothing in it depends on how many partitions there are.
/// </summary>
/// <remarks>
/// <para>What is acknowledged is durable. A read names the <see cref="LakePosition"/> that it is true as of, and shows
/// all of a message's effects or none.</para>
/// <para>All methods may be called by any threads at the same time. A cancelled send may or may not have happened: send
/// the same again under the same key. Failures are <see cref="LakeClientException"/>, whose
/// <see cref="LakeClientException.Kind"/> says whether to try again, to change the call, or to stop; an argument that is null
/// or out of its range is an <see cref="ArgumentException"/>.</para>
/// </remarks>
public interface ILakeClient
{
    /// <summary>Gets the reports that the lake keeps, each of which can be asked for by its name.</summary>
    /// <remarks>What a client elsewhere does not know of the lake before it was asked, the types of its ids, is in them after <see cref="GetIdTypesAsync"/>.</remarks>
    ReportCatalog Reports => LakeReports.All;

    /// <summary>Returns the types of the lake's ids, which are fixed: a client elsewhere asks the lake once.</summary>
    ValueTask<IdTypes> GetIdTypesAsync(CancellationToken cancellationToken = default) => new(Reports.Ids);

    /// <summary>Sends messages. When the task ends with <see cref="SendStatus.Stored"/>, they are durable.</summary>
    /// <param name="messages">UTF-8: one JSON object a line, or one JSON array of objects (see <see cref="SendOptions.IsJsonText"/>). To be left alone until the task ends.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<SendResult> SendAsync(ReadOnlySequence<byte> messages, SendOptions options, CancellationToken cancellationToken = default);

    /// <summary>Returns a report, or the part of it that is asked for.</summary>
    /// <exception cref="LakeClientException">There is no such report, a filter does not fit it, or the position is gone.</exception>
    ValueTask<ReportSnapshot> GetReportAsync(ReportQuery query, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reports as they change: a <see cref="LiveSnapshot"/> of each, then <see cref="LiveDelta"/>s that make the next
    /// state exactly, without a gap. Under load several changes become one. While the lake cannot be reached, the watcher is
    /// reported by <see cref="LiveBehind"/> and it continues from where it was, as long as the client's options say. It ends when
    /// it is cancelled, or with an exception when the lake stays away or the reader is too slow: subscribe again, from the
    /// last position.
    /// </summary>
    IAsyncEnumerable<LiveUpdate> WatchAsync(LiveQuery query, CancellationToken cancellationToken = default);

    /// <summary>Returns all copies of a message that are in the lake, and which of them count.</summary>
    /// <param name="messageId">Its id, exactly: whatever characters it has.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<MessageLife> GetMessageAsync(string messageId, CancellationToken cancellationToken = default);

    /// <summary>Returns the counts: what came in, what became of it.</summary>
    ValueTask<LakeLedger> GetLedgerAsync(CancellationToken cancellationToken = default);

    /// <summary>Returns the mappings that the lake keeps: by its name the JSON of each, as it was given.</summary>
    Task<IReadOnlyDictionary<string, string>> GetMappingsAsync(CancellationToken cancellationToken = default);

    /// <summary>Keeps a mapping in the lake, in place of one that has its name. What is sent once the task has ended goes through it.</summary>
    /// <param name="name">Its name; <c>default</c> is used for what is sent without a name.</param>
    /// <param name="json">The mapping: <c>docs/mappings.md</c>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="LakeClientException">It is not a mapping, or cannot have the name: the message has all that is wrong with it.</exception>
    Task SetMappingAsync(string name, string json, CancellationToken cancellationToken = default);

    /// <summary>Removes a mapping from the lake.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="LakeClientException">No mapping can have the name.</exception>
    Task<bool> RemoveMappingAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Returns rejected records, oldest first.</summary>
    Task<QuarantinePage> GetQuarantineAsync(QuarantineQuery query, CancellationToken cancellationToken = default);

    /// <summary>Returns the lake's status, for operators.</summary>
    ValueTask<LakeStanding> GetStatusAsync(CancellationToken cancellationToken = default);
}
