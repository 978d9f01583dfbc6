using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using OrleansLake.Cli.Output;
using OrleansLake.Cli.Producing;
using OrleansLake.Client;
using OrleansLake.Core.Reports;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Demo;

/// <summary>A demo's lake of silos, each a process on this machine. Messages go to the first, which also keeps the list of silos.</summary>
internal sealed class SiloDemoLake : IDemoLake, IAsyncDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan PublishMax = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, string>[] _settings;
    private readonly SiloProcess[] _silos;
    private readonly string _path;
    private readonly Terminal _terminal;
    private readonly Uri[] _addresses;
    private readonly HttpClient _http;
    private readonly HttpLakeClient _client;
    private bool _isEnding;

    private SiloDemoLake(string path, int silos, LakeOptions options, Terminal terminal)
    {
        _path = path;
        _terminal = terminal;
        int[] ports = FreePorts(3 * silos);
        _addresses = [.. Enumerable.Range(0, silos).Select(i => new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ports[(3 * i) + 2]}")))];
        var reading = new LakeHttpOptions { BaseAddress = _addresses[0] };
        _http = HttpLakeClient.Configure(new HttpClient(), reading);
        _client = new HttpLakeClient(_http, reading);

        // A silo that dies holds sends up until the others have noticed.
        var sending = new LakeHttpOptions { BaseAddress = _addresses[0], TriesMax = 100, RetryDelayMax = TimeSpan.FromSeconds(1), CallTimeout = TimeSpan.FromMinutes(2) };
        Sink = new SiloSink(new HttpLakeClient(_http, sending));
        _settings = [.. Enumerable.Range(0, silos).Select(i => new Dictionary<string, string>
        {
            ["Lake:Folder"] = Path.GetFullPath(path),
            ["Lake:Codec"] = options.Codec.ToString(),
            ["Lake:TriggerMs"] = options.Trigger.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture),
            ["Cluster:PrimaryPort"] = ports[0].ToString(CultureInfo.InvariantCulture),
            ["Cluster:ProbeMs"] = "1000",
            ["Silo:Port"] = ports[3 * i].ToString(CultureInfo.InvariantCulture),
            ["Silo:GatewayPort"] = ports[(3 * i) + 1].ToString(CultureInfo.InvariantCulture),
            ["Http:Urls"] = _addresses[i].ToString(),
        })];
        _silos = new SiloProcess[silos];
    }

    public IMessageSink Sink { get; }

    public LakeStatus Status { get; private set; } = new();

    public ReportTable Report1 { get; private set; } = null!;

    /// <summary>Gets or sets how many messages the lake has accepted when a silo is killed, and started again; null: none is.</summary>
    public long? KillAt { get; set; }

    /// <summary>Starts silos, and waits until each of them serves the lake.</summary>
    /// <exception cref="IOException">One ended, or did not come.</exception>
    public static async Task<SiloDemoLake> StartAsync(LakeOptions options, int silos, Terminal terminal, CancellationToken cancellationToken)
    {
        string path = options.Path;
        var lake = new SiloDemoLake(path, silos, options, terminal);
        try
        {
            terminal.Error.WriteLine($"{silos} silos start; what they print is in {OutputFile(path, 1)} to {OutputFile(path, silos)}");
            for (int i = 0; i < silos; i++)
            {
                File.Delete(OutputFile(path, i + 1));
                lake.Start(i);
            }

            using var tooLong = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            tooLong.CancelAfter(StartMax);
            await Task.WhenAll(Enumerable.Range(0, silos).Select(i => lake.ServesAsync(i, tooLong.Token))).ConfigureAwait(false);
            while (!await lake.PollAsync(tooLong.Token).ConfigureAwait(false))
            {
                lake.Live();
                await Task.Delay(PollInterval, tooLong.Token).ConfigureAwait(false);
            }

            return lake;
        }
        catch (Exception e)
        {
            await lake.DisposeAsync().ConfigureAwait(false);
            if (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw new IOException($"The silos did not serve the lake within {StartMax.TotalSeconds:0} s: see {OutputFile(path, 1)}.", e);
            }

            throw;
        }
    }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Live();
            await PollAsync(stop).ConfigureAwait(false);
            if (KillAt <= Status.Accepted)
            {
                KillAt = null;
                KillOne();
            }

            await Task.Delay(PollInterval, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // ctrl-C reaches the silos as well: they publish as they leave.
        _isEnding = true;
        long started = Stopwatch.GetTimestamp();
        while (!await PollAsync(CancellationToken.None).ConfigureAwait(false) || Status.Published < Status.Accepted)
        {
            Live();
            if (_silos.All(static silo => silo.ExitCode == 0))
            {
                return;
            }

            if (Stopwatch.GetElapsedTime(started) > PublishMax)
            {
                throw new IOException($"The silos did not publish everything within {PublishMax.TotalSeconds:0} s: see {OutputFile(_path, 1)}. Nothing accepted is lost: lake run continues from there.");
            }

            await Task.Delay(PollInterval, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Stops the silos: they leave one another in peace.</summary>
    public async Task StopAsync()
    {
        _isEnding = true;
        await Task.WhenAll(_silos.Where(static silo => silo is not null).Select(static silo => silo.StopAsync())).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        foreach (SiloProcess? silo in _silos)
        {
            silo?.Dispose();
        }

        _http.Dispose();
    }

    /// <summary>Returns the file beside a lake that holds what its silo printed.</summary>
    internal static string OutputFile(string path, int silo) => string.Create(CultureInfo.InvariantCulture, $"{Path.TrimEndingDirectorySeparator(path)}.silo-{silo}.log");

    private void Start(int silo) => _silos[silo] = SiloProcess.Start(_settings[silo], OutputFile(_path, silo + 1));

    // The last: the first keeps the list of silos for the others, which on more than one machine a database does.
    private void KillOne()
    {
        int last = _silos.Length - 1;
        _silos[last].Kill();
        _silos[last].Dispose();
        _terminal.Error.WriteLine($"killed silo {last + 1}");
        Start(last);
    }

    private async Task ServesAsync(int silo, CancellationToken cancellationToken)
    {
        while (true)
        {
            Lives(silo);
            try
            {
                using HttpResponseMessage answer = await _http.GetAsync(new Uri(_addresses[silo], "health"), cancellationToken).ConfigureAwait(false);
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(PollInterval, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Live()
    {
        for (int i = 0; i < _silos.Length; i++)
        {
            Lives(i);
        }
    }

    private void Lives(int silo)
    {
        if (_silos[silo].ExitCode is { } code && !(_isEnding && code == 0))
        {
            string last = _silos[silo].LastLine;
            throw new IOException($"Silo {silo + 1} ended with exit code {code}{(last.Length == 0 ? "" : $" ({last})")}; what it printed is in {_silos[silo].OutputFile}.");
        }
    }

    // False if there is no answer, as while a silo is away: then what was known before is kept.
    private async Task<bool> PollAsync(CancellationToken cancellationToken)
    {
        try
        {
            LakeStanding now = await _client.GetStatusAsync(cancellationToken).ConfigureAwait(false);
            ReportSnapshot report = await _client.GetReportAsync(new ReportQuery { Report = LakeReports.Report1.Name }, cancellationToken).ConfigureAwait(false);
            Report1 = report.Table;
            Status = new LakeStatus
            {
                Accepted = now.Accepted,
                Durable = now.Durable,
                Applied = now.Applied,
                Published = now.Published,
                Rejected = now.Ledger.Rejected,
                Ledger = now.Ledger,
                CommitNumber = now.CommitNumber,
                CommitMs = now.CommitMs,
                Files = now.Files,
                Keys = now.Keys,
            };
            return true;
        }
        catch (Exception e) when (e is LakeClientException || (e is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    // All at once, so that no two are the same.
    private static int[] FreePorts(int count)
    {
        var listeners = new List<TcpListener>();
        try
        {
            for (int i = 0; i < count; i++)
            {
                var listener = new TcpListener(IPAddress.Loopback, 0);
                listener.Start();
                listeners.Add(listener);
            }

            return [.. listeners.Select(static listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            listeners.ForEach(static listener => listener.Dispose());
        }
    }
}
