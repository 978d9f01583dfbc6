using System.Diagnostics;
using System.Globalization;
using System.Text;
using OrleansLake.Contracts;
using OrleansLake.Parquet;
using OrleansLake.TestSupport;

namespace OrleansLake.Crash.Tests;

/// <summary>
/// A lake whose processes are killed one after the other. After each kill the next process recovers it (and may be
/// killed at that), and then the lake must be what the oracle outside of it allows.
/// </summary>
internal sealed class KilledLake : IDisposable
{
    private const int KilledExitCode = 137;
    private const int KindsOfLake = 5;
    private const int RecordsMax = 3000;
    private const int KillsPerBatchMax = 3;

    private readonly ScratchFolder _folder = new();
    private readonly Random _random;
    private readonly SentStream _stream;
    private readonly OtherProgram _other;
    private readonly string _lake;
    private readonly bool _keeps;
    private readonly SentIds _ids;

    // How long a short command took without being killed: later ones are killed at any moment of that.
    private double _commandMs = 300;

    public KilledLake(int seed)
    {
        _random = new Random(seed);
        _keeps = seed % KindsOfLake == 0;
        _ids = (seed % KindsOfLake) switch
        {
            1 => SentIds.Texts,
            2 => SentIds.LongUsers,
            _ => SentIds.Numbers,
        };
        _stream = new SentStream(seed, _keeps, _ids);
        _lake = _folder["lake"];
        _other = new OtherProgram(_lake, seed, _ids);
        if (_ids != SentIds.Numbers)
        {
            Do("ingest", "-", "--user-id", _ids.UserType, "--country-id", _ids.CountryType, "--countries", _folder.Write("countries.csv", "country,country_id\n"));
        }

        if (_keeps)
        {
            Do("ingest", "-", "--keep", "attributes,source");
            Do("column", "add", SentAttributes.Column, "string", "--from", $"attributes.{SentAttributes.Column}");
        }
    }

    /// <summary>Gets the number of processes that were killed so far.</summary>
    public int Kills { get; private set; }

    private bool IsThere => File.Exists(Path.Combine(_lake, "lake.json"));

    /// <summary>Kills one process or a few, and recovers.</summary>
    public void KillAndRecover()
    {
        switch (IsThere ? _random.Next(10) : 0)
        {
            case 0 or 1 or 2 or 3:
                Ingest();
                break;
            case 4 or 5:
                IngestBatch();
                break;
            case 6:
                RunToKill("run", "--trigger", "10ms");
                break;
            case 7 or 8:
                _other.Add();
                RunToKill("run", "--until-caught-up");
                break;
            default:
                RunToKill("replay", "--yes");
                break;
        }

        while (_random.Next(3) == 0)
        {
            RunToKill(Recovery());
        }

        Recover();
        Verify();
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private static void CheckEnd(LakeResult result, params int[] allowed) => Assert.True(
        allowed.Contains(result.ExitCode), $"it ended with {result.ExitCode}: {result.Error}\n{result.Output}");

    private string[] Recovery() => IsThere && _random.Next(3) > 0 ? ["run", "--until-caught-up"] : ["ingest", "-", "--run"];

    private LakeProcess Start(bool inputStaysOpen, params string[] arguments) => LakeProcess.Start(
        new LakeCall([.. arguments, "--lake", _lake]) { InputStaysOpen = inputStaysOpen });

    // Under load from a pipe, with as many commits as it can make.
    private void Ingest()
    {
        SentSession session = _stream.Begin();
        using LakeProcess process = Start(inputStaysOpen: true, "ingest", "-", "--run", "--acks", "--trigger", "10ms");
        using var stop = new CancellationTokenSource();
        Task feeding = Task.Run(() => Feed(process.Input, session, new Random(_random.Next()), stop.Token));
        if (_random.Next(3) > 0)
        {
            process.WaitUntil(p => p.OutputSoFar.Contains('\n', StringComparison.Ordinal), "something was acknowledged");
            Pause(_random.NextDouble() * 150);
        }
        else
        {
            Pause(_random.NextDouble() * 1.5 * _commandMs);
        }

        process.Kill();
        LakeResult result = process.Wait();
        stop.Cancel();
        feeding.GetAwaiter().GetResult();
        CheckEnd(result, KilledExitCode);
        Kills++;

        // A line that was cut off by the kill is not an acknowledgement.
        string whole = result.Output[..(result.Output.LastIndexOf('\n') + 1)];
        session.AcknowledgedMessages = whole.Length == 0 ? 0 : int.Parse(whole.TrimEnd('\n').Split('\n')[^1], CultureInfo.InvariantCulture);
    }

    // A numbered batch is sent again until the command has ended by itself: then it is there, once.
    private void IngestBatch()
    {
        SentSession session = _stream.Begin();
        session.SentRecords = _random.Next(1, 500);
        byte[] body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, session.SentRecords).Select(i => _stream.Line(session, i))));
        string number = session.Number.ToString(CultureInfo.InvariantCulture);
        bool isKilled = true;
        for (int tries = 0; isKilled; tries++)
        {
            using LakeProcess process = LakeProcess.Start(new LakeCall(
                "ingest", "-", "--run", "--trigger", "10ms", "--producer", "billing", "--batch", number, "--lake", _lake)
            { Input = body });
            if (tries < KillsPerBatchMax)
            {
                Pause(_random.NextDouble() * 1.2 * _commandMs);
                process.Kill();
            }

            LakeResult result = process.Wait();
            CheckEnd(result, 0, 1, KilledExitCode);
            isKilled = result.ExitCode == KilledExitCode;
            Kills += isKilled ? 1 : 0;
        }

        session.AcknowledgedMessages = _stream.CountMessages(session);
    }

    private void Feed(Stream input, SentSession session, Random random, CancellationToken stop)
    {
        try
        {
            while (session.SentRecords < RecordsMax && !stop.IsCancellationRequested)
            {
                var lines = new StringBuilder();
                for (int left = random.Next(1, 40); left > 0; left--)
                {
                    lines.Append(_stream.Line(session, session.SentRecords++));
                }

                byte[] bytes = Encoding.UTF8.GetBytes(lines.ToString());
                int cut = random.Next(bytes.Length);
                input.Write(bytes, 0, cut);
                input.Flush();
                input.Write(bytes, cut, bytes.Length - cut);
                input.Flush();
                Pause(random.NextDouble() * 4);
            }
        }
        catch (IOException)
        {
            // The pipe is broken: its reader was killed.
        }
    }

    // A command that ends by itself is killed at some moment before that, or ends.
    private void RunToKill(params string[] arguments)
    {
        using LakeProcess process = Start(inputStaysOpen: false, arguments);
        Pause(_random.NextDouble() * 1.2 * _commandMs);
        process.Kill();
        LakeResult result = process.Wait();
        CheckEnd(result, 0, KilledExitCode);
        Kills += result.ExitCode == KilledExitCode ? 1 : 0;
    }

    private void Recover()
    {
        string[] recovery = Recovery();
        var watch = Stopwatch.StartNew();
        using (LakeProcess process = Start(inputStaysOpen: false, recovery))
        {
            CheckEnd(process.Wait(), 0);
        }

        _commandMs = watch.Elapsed.TotalMilliseconds;
        if (recovery[0] != "run")
        {
            // External files are ingested by `run` alone.
            using LakeProcess run = Start(inputStaysOpen: false, "run", "--until-caught-up");
            CheckEnd(run.Wait(), 0);
        }
    }

    private void Verify()
    {
        using (LakeProcess check = Start(inputStaysOpen: false, "check", "--deep"))
        {
            CheckEnd(check.Wait(), 0);
        }

        LakeContents contents = LakeContents.Read(_lake, _ids);
        List<SentMessage> streamed = _other.TakeOut(contents.Messages, out string? fault);
        Assert.Null(fault);
        Assert.Null(_stream.FindFault(streamed, contents.Quarantine));
        if (_keeps)
        {
            CheckKept([.. streamed.Select(static message => message.Value)]);
        }

        Message[] messages = [.. contents.Messages.Select(message => message.Fields)];
        Assert.Equal(Oracle.Report1(messages), contents.Reports["report1"]);
        Assert.Equal(Oracle.Report2(messages, _ids), contents.Reports["report2"]);
    }

    // Of each message what it was sent with, in bronze and in silver; of another program's nothing.
    private void CheckKept(HashSet<string> streamed)
    {
        foreach (string file in Directory.EnumerateFiles(_lake, "part-*.parquet", SearchOption.AllDirectories).Where(static file => !file.Contains("quarantine", StringComparison.Ordinal)))
        {
            using ParquetReader reader = ParquetReader.Open(file);
            Assert.Null(KeptCheck.FindFault(reader, streamed.Contains));
        }
    }

    private void Do(params string[] arguments)
    {
        using LakeProcess process = Start(inputStaysOpen: false, arguments);
        CheckEnd(process.Wait(), 0);
    }

    private static void Pause(double milliseconds) => Thread.Sleep(TimeSpan.FromMilliseconds(milliseconds));
}
