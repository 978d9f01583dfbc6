using OrleansLake.TestSupport;

namespace OrleansLake.Cli.Tests.EndToEnd;

/// <summary>Numbered batches from the command line: a repeated one is acknowledged, and stored once.</summary>
public class BatchTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_repeated_batch_is_acknowledged_and_stored_once(bool isInput)
    {
        using var lake = new LakeUnderTest();
        byte[] text = Golden.Lines(0, 2000);
        Assert.Equal("2000", LastLine(Ingest(lake, isInput, 1, text)));
        Assert.Equal("2000", LastLine(Ingest(lake, isInput, 1, text)));
        lake.CatchUp();
        var repeated = Ingest(lake, isInput, 1, text);
        Assert.Contains("was stored before: 2,000 messages", repeated.Error, StringComparison.Ordinal);
        Ingest(lake, isInput, 2, Golden.Lines(2000, 4000));
        lake.CatchUp();
        Assert.Equal(Golden.Ledger(2), lake.Ledger());
    }

    [Fact]
    public void Other_bytes_under_a_number_are_refused_and_nothing_is_stored()
    {
        using var lake = new LakeUnderTest();
        Ingest(lake, true, 1, Golden.Lines(0, 2000));
        foreach (byte[] other in (byte[][])[Golden.Lines(0, 4000), Golden.Lines(0, 1000), Golden.Lines(2000, 4000)])
        {
            var refused = Ingest(lake, true, 1, other, exitCode: 1);
            Assert.Contains("p #1", refused.Error, StringComparison.Ordinal);
        }

        lake.CatchUp();
        Assert.Equal(Golden.Ledger(1), lake.Ledger());
    }

    [Fact]
    public void A_batch_that_a_crash_cut_off_is_completed_by_sending_it_again()
    {
        using var lake = new LakeUnderTest();
        byte[] text = Golden.Lines(0, 2000);
        LakeCall call = lake.Call("ingest", "-", "--producer", "p", "--batch", "1", "--acks") with { InputStaysOpen = true };
        using (var ingest = LakeProcess.Start(call))
        {
            ingest.Input.Write(text.AsSpan(0, text.Length / 2));
            ingest.Input.Flush();
            ingest.WaitUntil(p => p.OutputSoFar.Length > 0, "an acknowledgement");
            ingest.Kill();
            ingest.Wait();
        }

        Assert.Equal("2000", LastLine(Ingest(lake, true, 1, text)));
        lake.CatchUp();
        Assert.Equal(Golden.Ledger(1), lake.Ledger());
    }

    [Fact]
    public void A_batch_numbers_one_text_and_has_a_name()
    {
        using var lake = new LakeUnderTest();
        string file = lake.Scratch.Write("a.ndjson", Golden.Lines(0, 10));
        lake.Expect(2, "ingest", file, "--batch", "1");
        lake.Expect(2, "ingest", file, "--producer", "p");
        lake.Expect(2, "ingest", file, "--producer", "", "--batch", "1");
        lake.Expect(2, "ingest", file, "--producer", "p", "--batch", "-1");
        lake.Expect(2, "ingest", file, file, "--producer", "p", "--batch", "1");
        lake.Expect(2, "ingest", lake.Scratch[""], "--producer", "p", "--batch", "1");
    }

    private static LakeResult Ingest(LakeUnderTest lake, bool isInput, int number, byte[] text, int exitCode = 0)
    {
        string source = isInput ? "-" : lake.Scratch.Write($"{number}.ndjson", text);
        LakeCall call = lake.Call("ingest", source, "--producer", "p", "--batch", $"{number}", "--acks");
        return LakeUnderTest.Expect(exitCode, isInput ? call with { Input = text } : call);
    }

    private static string LastLine(LakeResult result) => result.Output.Trim().Split('\n')[^1];
}
