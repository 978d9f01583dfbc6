using System.IO.Pipes;
using System.Text;

namespace OrleansLake.Engine.Tests;

public sealed class PipeTests : IDisposable
{
    private readonly AnonymousPipeServerStream _writer = new(PipeDirection.Out);
    private readonly AnonymousPipeClientStream _reader;
    private readonly SentMessage[] _sent = SentStreams.Many(20, 31);
    private long _acknowledged;

    public PipeTests() => _reader = new AnonymousPipeClientStream(PipeDirection.In, _writer.ClientSafePipeHandle);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_record_that_has_arrived_is_acknowledged_without_waiting_for_more(bool followUp)
    {
        using var lake = new LakeUnderTest();
        await using (Lake open = await lake.OpenAsync())
        {
            Task<IngestSummary> ingest = open.IngestAsync(new IngestInput(_reader), Options(followUp));
            for (int i = 0; i < 10; i++)
            {
                Write(_sent[i].Line + "\n");
                await ManualClock.UntilAsync(() => Acknowledged == i + 1, $"acknowledgement {i + 1}");
            }

            // One and a half: the half waits for its end.
            string half = _sent[11].Line[..30];
            Write($"{_sent[10].Line}\n{half}");
            await ManualClock.UntilAsync(() => Acknowledged == 11, "the eleventh");
            Write(_sent[11].Line[30..]);
            _writer.Dispose();
            Assert.Equal((12L, 0L), ((await ingest).Accepted, (await ingest).Rejected));
            Assert.Equal(12, Acknowledged);
            await open.RunAsync(LakeUnderTest.CaughtUp);
        }

        lake.AssertHolds(_sent[..12]);
    }

    [Fact]
    public async Task Cancelling_does_not_wait_for_a_pipe_that_pauses_and_keeps_what_was_acknowledged()
    {
        using var lake = new LakeUnderTest();
        using var stop = new CancellationTokenSource();
        await using (Lake open = await lake.OpenAsync())
        {
            Task<IngestSummary> ingest = open.IngestAsync(new IngestInput(_reader), Options(followUp: true), null, stop.Token);
            Write(SentStreams.Ndjson(_sent[..5]));
            await ManualClock.UntilAsync(() => Acknowledged == 5, "five");
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ingest);
        }

        await lake.CatchUpAsync();
        lake.AssertHolds(_sent[..5]);
    }

    public void Dispose()
    {
        _writer.Dispose();
        _reader.Dispose();
    }

    private long Acknowledged => Volatile.Read(ref _acknowledged);

    private IngestOptions Options(bool followUp) => new() { FollowUp = followUp, Acknowledged = n => Volatile.Write(ref _acknowledged, n) };

    private void Write(string text)
    {
        _writer.Write(Encoding.UTF8.GetBytes(text));
        _writer.Flush();
    }
}
