using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using OrleansLake.Cli.Output;
using OrleansLake.Cli.Results;
using OrleansLake.Client;
using OrleansLake.Core.Messages;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake top</c>: what a server does right now.</summary>
internal sealed class TopCommand : LakeCommand
{
    // Home, then clear: what is drawn next replaces the last.
    private const string StartOver = "\e[H\e[J";

    private readonly ServerOptions _server;
    private readonly ParsedOption<TimeSpan?> _every = ParsedOption.Duration("--every", "How often it looks (1s if not)");
    private readonly Option<bool> _once = new("--once") { Description = "Print the figures once and exit" };

    public TopCommand(Terminal terminal)
        : base("top", "Show live rates of a server.", terminal)
    {
        _server = new ServerOptions(this, withKey: true);
        Options.Add(_every);
        Options.Add(_once);
    }

    public override IReadOnlyList<string> Remarks => ["Into a pipe it writes one JSON object per sample."];

    public override IReadOnlyList<string> Examples => ["lake top", "lake top --once", "lake top --every 5s | jq .per_second"];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        await ShowAsync(parsed, cancellationToken).ConfigureAwait(false);
        return ExitCode.Done;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task ShowAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        LakeHttpOptions options = _server.HttpOf(parsed);
        using var http = HttpLakeClient.Configure(new HttpClient(), options);
        var client = new HttpLakeClient(http, options);
        TimeSpan every = _every.Of(parsed) ?? TimeSpan.FromSeconds(1);
        LakeStanding? before = null;
        long looked = 0;
        while (true)
        {
            LakeStanding now;
            IReadOnlyList<SourceStatus> sources;
            IReadOnlyList<SinkStatus> sinks;
            try
            {
                now = await client.GetStatusAsync(cancellationToken).ConfigureAwait(false);
                sources = await KnownAsync(client.GetSourcesAsync(cancellationToken)).ConfigureAwait(false);
                sinks = await KnownAsync(client.GetSinksAsync(cancellationToken)).ConfigureAwait(false);
            }
            catch (LakeClientException e)
            {
                throw new IOException($"{options.BaseAddress}: {e.Message}", e);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            double seconds = looked == 0 ? 0 : Stopwatch.GetElapsedTime(looked).TotalSeconds;
            looked = Stopwatch.GetTimestamp();
            Show(now, sources, sinks, before is null ? null : (now.Accepted - before.Accepted) / seconds, isFirst: before is null);
            before = now;
            if (parsed.GetValue(_once))
            {
                return;
            }

            try
            {
                await Task.Delay(every, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static async Task<IReadOnlyList<T>> KnownAsync<T>(Task<IReadOnlyList<T>> asked)
    {
        try
        {
            return await asked.ConfigureAwait(false);
        }
        catch (LakeClientException e) when (e.Kind == LakeClientErrorKind.NotFound)
        {
            // A server of an earlier version.
            return [];
        }
    }

    private static string JsonOf(IReadOnlyList<SourceStatus> sources) => sources.Count == 0 ? ""
        : $",\"sources\":[{string.Join(',', sources.Select(static source => string.Create(CultureInfo.InvariantCulture, $"{{\"name\":\"{JsonEncodedText.Encode(source.Name)}\",\"lag\":{source.Lag},\"lag_seconds\":{source.LagTime.TotalSeconds:0.###},\"paused\":{(source.IsPaused ? "true" : "false")},\"stopped\":{source.Partitions.Count(static one => one.Stopped is not null)}}}")))}]";

    private static string JsonOf(IReadOnlyList<SinkStatus> sinks) => sinks.Count == 0 ? ""
        : $",\"sinks\":[{string.Join(',', sinks.Select(static sink => string.Create(CultureInfo.InvariantCulture, $"{{\"name\":\"{JsonEncodedText.Encode(sink.Name)}\",\"lag\":{NumberOf(sink.Lag)},\"lag_seconds\":{NumberOf(sink.LagTime?.TotalSeconds)},\"taken\":{(sink.IsTaken ? "true" : "false")}}}")))}]";

    private static string NumberOf(double? value) => value?.ToString("0.###", CultureInfo.InvariantCulture) ?? "null";

    private static string StateOf(SourceStatus source) => source.IsPaused ? "behind, paused"
        : source.Trouble is not null ? "behind, not read"
        : source.Partitions.Count(static one => one.Stopped is not null) is > 0 and var stopped ? $"behind, {Figures.Count(stopped, "partition")} stopped by a gap"
        : source.LagTime > TimeSpan.Zero ? $"behind, {Figures.Time(source.LagTime)}" : "behind";

    private void Show(LakeStanding now, IReadOnlyList<SourceStatus> sources, IReadOnlyList<SinkStatus> sinks, double? perSecond, bool isFirst)
    {
        TimeSpan? age = now.NewestEvent is { } newest ? now.Time - newest : null;
        if (!Terminal.IsOutputTerminal)
        {
            string types = now.Ids.AreDefault ? "" : $",\"user_id_type\":\"{IdTypes.Name(now.Ids.User)}\",\"country_id_type\":\"{IdTypes.Name(now.Ids.Country)}\"";
            Terminal.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"time\":\"{now.Time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}\",\"position\":\"{now.Position}\",\"accepted\":{now.Accepted},\"per_second\":{(perSecond is { } rate ? Math.Round(rate, 1).ToString(CultureInfo.InvariantCulture) : "null")},\"waiting_durable\":{now.Accepted - now.Durable},\"waiting_applied\":{now.Durable - now.Applied},\"waiting_published\":{now.Applied - now.Published},\"messages\":{now.Ledger.Messages},\"messages_corrupted\":{now.Ledger.MessagesCorrupted},\"rejected\":{now.Ledger.Rejected},\"keys\":{now.Keys},\"commit_ms\":{now.CommitMs:0.#},\"streams\":{now.Watchers}{types}{JsonOf(sources)}{JsonOf(sinks)}}}"));
            Terminal.Out.Flush();
            return;
        }

        if (!isFirst)
        {
            Terminal.Out.Write(StartOver);
        }

        DrawnTables.Write(Terminal, new TextTable(
            [new TextColumnHeader("", false), new TextColumnHeader("now", true), new TextColumnHeader("", false)],
            [
                ["accepted", Figures.Count(now.Accepted), perSecond is { } rate2 ? Figures.Rate(rate2) : ""],
                ["silver messages", Figures.Count(now.Ledger.Messages), Figures.Share(now.Ledger.Messages, now.Ledger.Bronze)],
                ["corrupted", Figures.Count(now.Ledger.MessagesCorrupted), Figures.Share(now.Ledger.MessagesCorrupted, now.Ledger.Bronze)],
                ["rejected", Figures.Count(now.Ledger.Rejected), "in quarantine"],
                ["duplicates", Figures.Count(now.Ledger.Messages - now.Ledger.Deduplicated), "suppressed"],
                ["waiting for fsync", Figures.Count(now.Accepted - now.Durable), ""],
                ["waiting for reports", Figures.Count(now.Durable - now.Applied), ""],
                ["waiting for Parquet", Figures.Count(now.Applied - now.Published), now.CommitMs > 0 ? $"last commit {Figures.Milliseconds(now.CommitMs)}" : "nothing committed yet"],
                ["keys", Figures.Count(now.Keys), "in memory"],
                ["newest event", age is { } known ? Figures.Time(known < TimeSpan.Zero ? TimeSpan.Zero : known) : "-", "old"],
                ["streams", Figures.Count(now.Watchers), "open"],
                .. sources.Select(static source => new[] { source.Name, Figures.Count(source.Lag), StateOf(source) }),
                .. sinks.Select(static sink => new[] { sink.Name, sink.Lag is { } lag ? Figures.Count(lag) : "-", SinkText.Behind(sink) }),
                .. now.Ids.AreDefault ? (string[][])[] : [["user_id", IdTypes.Name(now.Ids.User), ""], ["country_id", IdTypes.Name(now.Ids.Country), ""]],
            ]));
        Terminal.Out.Flush();
    }
}
