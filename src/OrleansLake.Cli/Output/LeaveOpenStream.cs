using OrleansLake.Core;

namespace OrleansLake.Cli.Output;

/// <summary>A stream that outlives its writer: disposing of this one flushes and leaves the inner one open.</summary>
internal sealed class LeaveOpenStream(Stream inner) : WriteOnlyStream
{
    public override long Length => inner.Length;

    public override void Flush() => inner.Flush();

    public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);

}
