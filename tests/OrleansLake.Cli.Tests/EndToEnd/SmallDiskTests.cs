using System.Globalization;
using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>The command on a real disk that is full, or becomes read-only, while messages are on their way to it.</summary>
public class SmallDiskTests
{
    [SmallDiskFact]
    public void Full_disk_ends_the_command_with_its_reason_and_what_was_acknowledged_stays()
    {
        using var disk = new SmallDisk(megabytes: 160);
        Run(disk, "(?i)(no space left|disk was full).*Free some space", () => disk.Fill(leftBytes: 0), disk.Free);
    }

    [SmallDiskFact]
    public void Read_only_disk_ends_the_command_with_its_reason_and_what_was_acknowledged_stays()
    {
        using var disk = new SmallDisk(megabytes: 160);
        Run(disk, "(?i)read-only", disk.MakeReadOnly, disk.MakeWritable);
    }

    // One batch, sent line by line until the disk refuses; then all of it again, under its number.
    private static void Run(SmallDisk disk, string reason, Action spoil, Action mend)
    {
        string folder = Path.Combine(disk.Folder, "lake");
        string[] arguments = ["ingest", "-", "--run", "--acks", "--trigger", "200ms", "--producer", "p", "--batch", "1", "--lake", folder];
        byte[] lines = Golden.Lines(0, Golden.Count);
        int sent = 0;
        long acknowledged;
        using (var ingest = LakeProcess.Start(new LakeCall(arguments) { InputStaysOpen = true }))
        {
            Send(ingest, lines, ref sent, until: lines.Length / 4);
            ingest.WaitUntil(p => p.OutputSoFar.Length > 0, "an acknowledgement");
            spoil();
            try
            {
                while (!ingest.HasEnded && sent < lines.Length)
                {
                    Send(ingest, lines, ref sent, until: sent + 1000);
                }

                ingest.Input.Close();
            }
            catch (IOException)
            {
                // It has ended.
            }

            LakeResult result = ingest.Wait();
            Assert.Equal(5, result.ExitCode);
            Assert.Matches(reason, result.Error);
            LakeUnderTest.AssertNoStackTrace(result);
            acknowledged = long.Parse(result.Output.Trim().Split('\n')[^1], CultureInfo.InvariantCulture);
        }

        mend();
        LakeResult again = LakeUnderTest.Expect(0, new LakeCall(arguments) { Input = lines });
        Assert.Equal(Golden.Count.ToString(CultureInfo.InvariantCulture), again.Output.Trim().Split('\n')[^1]);
        Assert.InRange(acknowledged, 1, Golden.Count);
        Assert.Equal(Golden.Ledger(), LedgerCounts.OfCheck(LakeUnderTest.Expect(0, new LakeCall(["check", "--format", "json", "--lake", folder])).Output));
        foreach (string report in (string[])["report1", "report2"])
        {
            Assert.Equal(Golden.Report(report), LakeUnderTest.Expect(0, new LakeCall(["report", report, "--format", "ndjson", "--lake", folder])).Output);
        }
    }

    private static void Send(LakeProcess ingest, byte[] lines, ref int sent, int until)
    {
        int end = until >= lines.Length ? lines.Length : Array.IndexOf(lines, (byte)'\n', until) + 1;
        ingest.Input.Write(lines.AsSpan(sent, end - sent));
        ingest.Input.Flush();
        sent = end;
    }
}
