using System.Buffers;
using System.Globalization;
using OrleansLake.Client;
using OrleansLake.Core.Reports;

namespace SinkOfYourOwn;

/// <summary>
/// Reports as files of a folder, a row a line. Each is replaced whole, so readers see an old one or a new one. The file <c>owner</c> has the epoch of the
/// newest owner; who changes anything holds its lock, and looks whether it is still the owner before it does.
/// </summary>
internal sealed class FolderSink(string folder) : IReportSink
{
    private readonly Dictionary<string, ReportFold> _reports = new(StringComparer.Ordinal);
    private long _epoch;

    /// <inheritdoc/>
    public string Name => $"folder:{Path.GetFileName(Path.GetFullPath(folder))}";

    /// <inheritdoc/>
    public IReadOnlyList<string> Reports => [];

    /// <inheritdoc/>
    public override string ToString() => $"the folder {folder}";

    /// <inheritdoc/>
    public Task<long> OpenAsync(IReadOnlyList<ReportDefinition> reports, CancellationToken cancellationToken) => GuardedAsync(owner =>
    {
        _epoch = EpochOf(owner) + 1;
        _reports.Clear();
        owner.SetLength(0);
        owner.Write(System.Text.Encoding.UTF8.GetBytes(_epoch.ToString(CultureInfo.InvariantCulture)));
        owner.Flush(flushToDisk: true);
        return _epoch;
    });

    /// <inheritdoc/>
    public Task WriteAsync(SinkStep changes, CancellationToken cancellationToken) => GuardedAsync(owner =>
    {
        if (EpochOf(owner) is var newest && newest != _epoch)
        {
            throw new SinkOwnershipException($"the owner of {folder} is of epoch {newest}, and this one of epoch {_epoch}");
        }

        foreach (LiveUpdate update in changes.Updates)
        {
            if (update is LiveSnapshot whole)
            {
                _reports[whole.Snapshot.Report] = new ReportFold(whole.Snapshot.Table);
                Replace(whole.Snapshot.Report);
            }
            else if (update is LiveDelta change)
            {
                _reports[change.Report].Apply(change.Rows, change.Removed);
                Replace(change.Report);
            }
        }

        return changes.Number;
    });

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Replace(string report)
    {
        var rows = new ArrayBufferWriter<byte>();
        _reports[report].ToTable().WriteNdjson(rows);
        string path = Path.Combine(folder, $"{report}.ndjson");
        File.WriteAllBytes($"{path}.tmp", rows.WrittenSpan);
        File.Move($"{path}.tmp", path, overwrite: true);
    }

    private static long EpochOf(FileStream owner)
    {
        owner.Position = 0;
        using var reader = new StreamReader(owner, leaveOpen: true);
        return long.TryParse(reader.ReadToEnd(), CultureInfo.InvariantCulture, out long epoch) ? epoch : 0;
    }

    // What keeps the folder from being used is one line of the log, and it is tried again later.
    private Task<long> GuardedAsync(Func<FileStream, long> use)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using var owner = new FileStream(Path.Combine(folder, "owner"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return Task.FromResult(use(owner));
        }
        catch (SinkException e)
        {
            return Task.FromException<long>(e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Task.FromException<long>(new SinkException($"{folder} cannot be written: {e.Message.TrimEnd('.')}", e));
        }
    }
}
