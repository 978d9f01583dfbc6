using System.Diagnostics;
using OrleansLake.Benchmarks.Comparing;
using OrleansLake.TestSupport;

namespace OrleansLake.Benchmarks.Works;

/// <summary>New messages on a lake that has many.</summary>
internal sealed class IncrementalWork : Work
{
    private const int NewMessages = 50_000;
    private const int UsualRounds = 3;
    private const string Durable = "durable";
    private const string Fast = "fast";

    // The first batch warms a running engine up, as its earlier ones would have.
    private const int WarmUps = 1;

    public override string Name => "incremental";

    public override string About =>
        """
        50,000 new messages (NDJSON) on a lake of all the others, until every file and both reports are published.
        `OrleansLake`: an engine that runs, as in `lake run` and `lake serve`, with its state in memory and one batch before this
        one; from sending the batch to the end of its commit, which does not wait for the trigger. `whole command`: `lake ingest
        new.ndjson --run`, its start-up and the opening of the lake included, with fsync as always. `DuckDB`: everything again from
        bronze, the new messages' Parquet being there already. `silver appended`: DuckDB reads the new NDJSON, adds their bronze and
        silver to what it had, and makes first occurrences and reports again from all of silver. All agree to the row.
        """;

    public override ProcessStartInfo Profiled(CompareOptions options, BenchData data) => OwnProcess.Start(
        ["incremental-job", data.Copy(data.Lake(options.Messages), "out-profiled"), Fast, .. data.Following(options.Messages, WarmUps + (options.Rounds ?? UsualRounds), NewMessages)]);

    public override WorkResult Measure(CompareOptions options, BenchData data)
    {
        int rounds = options.Rounds ?? UsualRounds;
        long messages = options.Messages;
        IReadOnlyList<string> news = data.Following(messages, WarmUps + rounds, NewMessages);
        string made = data.Lake(messages);
        string[] lakes = [data.Copy(made, "lake-running"), data.Copy(made, "lake-durable"), data.Copy(made, "lake-command")];
        string bronze = data.Fresh("bronze-growing");
        Links.Fill(bronze, Directory.EnumerateFiles(data.Bronze(messages)));
        string appended = data.Fresh("out-appended");
        new ScriptContender("DuckDB", "duckdb.mjs", "bronze").Prepare(bronze, appended);
        ScriptContender.Run("duckdb.mjs", "bronze", bronze, appended);
        string again = "";

        (string Name, List<Measurement> Rounds)[] measured =
        [
            ("OrleansLake", []), ("OrleansLake, with fsync", []), ("OrleansLake, whole command", []), ("DuckDB", []), ("DuckDB, silver appended", []),
        ];
        using (var running = new RunningEngine(lakes[0], isDurable: false))
        using (var durable = new RunningEngine(lakes[1], isDurable: true))
        {
            for (int round = 0; round < WarmUps + rounds; round++)
            {
                string file = news[round];
                long there = messages + ((long)round * NewMessages);
                AddBronze(file, bronze, round);
                again = data.Fresh("out-again");
                new ScriptContender("DuckDB", "duckdb.mjs", "bronze").Prepare(bronze, again);
                Func<Measurement>[] turns =
                [
                    () => running.Take(file),
                    () => durable.Take(file),
                    () => MeasuredProcess.Lake("ingest", file, "--run", "--lake", lakes[2]),
                    () => ScriptContender.Run("duckdb.mjs", "bronze", bronze, again),
                    () => ScriptContender.Run("duckdb.mjs", "append", file, appended, there.ToString(Results.Plain)),
                ];
                for (int turn = 0; turn < turns.Length; turn++)
                {
                    int at = (round + turn) % turns.Length;
                    Measurement one = turns[at]();
                    if (round >= WarmUps)
                    {
                        measured[at].Rounds.Add(one);
                        Say($"round {round + 1 - WarmUps}: {measured[at].Name} {one.Seconds:F3} s, {one.PeakMegabytes:F0} MB");
                    }
                }
            }
        }

        Outcome ours = new(measured[0].Name, layer => LakeContender.PathOf(lakes[0], layer));
        Outcome[] others =
        [
            new(measured[1].Name, layer => LakeContender.PathOf(lakes[1], layer)),
            new(measured[2].Name, layer => LakeContender.PathOf(lakes[2], layer)),
            new(measured[3].Name, layer => ScriptContender.PathOf(again, layer)),
            new(measured[4].Name, layer => ScriptContender.PathOf(appended, layer)),
        ];
        foreach (Outcome other in others)
        {
            Agreement.Assert(messages + (news.Count * (long)NewMessages), ours, other);
        }

        Say($"all agree to the row");
        foreach (string folder in (string[])[.. lakes, bronze, appended, again])
        {
            Directory.Delete(folder, recursive: true);
        }

        ResultRow[] rows = [.. measured.Select(one => ResultRow.Of(Name, one.Name, one.Rounds, measured[0].Rounds))];
        return new WorkResult(rows, [Goal.AtLeast(Name, "DuckDB's recomputation over ours", rows[3].Ratio, 50, "F1", "x")]);
    }

    // What DuckDB starts from has the new messages too; making that is not part of its time.
    private static void AddBronze(string file, string bronze, int round) => DuckDb.Query(
        "set timezone = 'UTC'",
        string.Create(
            Results.Plain,
            $$"""
            copy (from read_json({{DuckDb.Text(file)}}, format = 'newline_delimited', columns = {timestamp: 'timestamptz', value: 'varchar',
                event_type: 'varchar', message_id: 'varchar', channel: 'varchar', country_id: 'integer', user_id: 'integer'}))
              to {{DuckDb.Text(Path.Combine(bronze, $"zz-new-{round:D4}.parquet"))}} (format parquet, compression snappy)
            """),
        "select 1");

    /// <summary>An engine in a process of its own that takes batches as they are named to it.</summary>
    private sealed class RunningEngine : IDisposable
    {
        private readonly Process _process;

        public RunningEngine(string lake, bool isDurable)
        {
            ProcessStartInfo start = OwnProcess.Start("incremental-job", lake, isDurable ? Durable : Fast);
            start.RedirectStandardInput = true;
            start.RedirectStandardOutput = true;
            _process = Process.Start(start)!;
            _ = Answer();
        }

        /// <summary>Has it take a file.</summary>
        public Measurement Take(string file)
        {
            _process.StandardInput.WriteLine(file);
            double seconds = double.Parse(Answer(), Results.Plain);
            return new Measurement(seconds, MeasuredProcess.PeakMegabytesOf(_process.Id));
        }

        public void Dispose()
        {
            _process.StandardInput.Close();
            _process.WaitForExit();
            _process.Dispose();
        }

        private string Answer() => _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the running engine ended");
    }
}
