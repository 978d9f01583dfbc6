using System.Buffers;
using FsCheck.Xunit;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.TestSupport;

namespace OrleansLake.Core.Tests.State;

[Properties(Arbitrary = [typeof(Streams)])]
public class StateCutProperties
{
    private bool _isInStep;

    [Property(MaxTest = 300)]
    public void A_cut_is_exported_as_of_its_moment_whatever_is_applied_meanwhile(Message[] messages, int seed)
    {
        var random = new Random(seed);
        int marked = random.Next(messages.Length + 1);
        int cutAt = random.Next(marked, messages.Length + 1);
        var state = new LakeState(LakeReports.All);
        Streams.Apply(state, messages[..marked], 0);
        state.MarkExported();
        byte[] before = Streams.ExportAll(state);
        Streams.Apply(state, messages[marked..cutAt], marked);
        byte[] changes = Streams.ExportChanges(state);
        byte[] all = Streams.ExportAll(state);

        StateCut cut = state.Cut();
        Assert.Throws<InvalidOperationException>(state.Cut);
        int applied = cutAt;
        var busy = new BusyWriter(() =>
        {
            Assert.False(_isInStep);
            int end = Math.Min(messages.Length, applied + random.Next(40));
            Streams.Apply(state, messages[applied..end], applied);
            applied = end;
        });
        cut.ExportChanges(busy, Exclusively);
        Assert.Equal(changes, busy.TakeWritten());
        cut.ExportAll(busy, Exclusively);
        Assert.Equal(all, busy.TakeWritten());

        // It failed and is undone, or it is safe; then the rest comes.
        bool isUndone = random.Next(2) == 0;
        if (isUndone)
        {
            cut.Undo();
        }
        else
        {
            cut.Complete(Exclusively);
        }

        Streams.Apply(state, messages[applied..], applied);
        var expected = new LakeState(LakeReports.All);
        int from = isUndone ? marked : cutAt;
        Streams.Apply(expected, messages[..from], 0);
        expected.MarkExported();
        Streams.Apply(expected, messages[from..], from);
        Assert.Equal(expected.ChangedKeyCount, state.ChangedKeyCount);
        var restored = new LakeState(LakeReports.All);
        foreach (byte[] export in isUndone ? new[] { before } : [before, changes])
        {
            restored.Import(export);
        }

        restored.Import(Streams.ExportChanges(state));
        Assert.Equal(state.Digest(), restored.Digest());
        Streams.AssertIsRight(restored, messages);
        state.Cut().Complete(Exclusively);
        Assert.Equal(0, state.ChangedKeyCount);
    }

    [Property(MaxTest = 100)]
    public void A_copied_report_is_that_of_its_moment_whatever_is_applied_later(Message[] messages, int seed)
    {
        int cut = new Random(seed).Next(messages.Length + 1);
        var state = new LakeState(LakeReports.All);
        Streams.Apply(state, messages[..cut], 0);
        ReportCopy[] copies = [.. LakeReports.All.Select(state.Copy)];
        Streams.Apply(state, messages[cut..], cut);
        Assert.Equal(Oracle.Report1(messages[..cut]), Text(copies[0].Table()));
        Assert.Equal(Oracle.Report2(messages[..cut]), Text(copies[1].Table()));
        Assert.Equal(Oracle.Report2(messages[..cut]), Text(ReportPart.Sum(copies[1].Definition, [copies[1].Part()])));
        Streams.AssertIsRight(state, messages);
    }

    private void Exclusively(Action step)
    {
        Assert.False(_isInStep);
        _isInStep = true;
        step();
        _isInStep = false;
    }

    private static string Text(ReportTable table)
    {
        var text = new ArrayBufferWriter<byte>();
        table.WithNames(table.ValueNames).WriteNdjson(text);
        return System.Text.Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>A slow disk: whenever bytes are written, something else happens first.</summary>
    private sealed class BusyWriter(Action meanwhile) : IBufferWriter<byte>
    {
        private readonly ArrayBufferWriter<byte> _written = new();

        public void Advance(int count) => _written.Advance(count);

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            meanwhile();
            return _written.GetMemory(sizeHint);
        }

        public Span<byte> GetSpan(int sizeHint = 0)
        {
            meanwhile();
            return _written.GetSpan(sizeHint);
        }

        public byte[] TakeWritten()
        {
            byte[] bytes = _written.WrittenSpan.ToArray();
            _written.ResetWrittenCount();
            return bytes;
        }
    }
}
