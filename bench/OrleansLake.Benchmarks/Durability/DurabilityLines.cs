using System.Diagnostics;
using System.Globalization;
using OrleansLake.TestSupport;

namespace OrleansLake.Benchmarks.Durability;

/// <summary>The messages that are sent: <c>lake produce --profile bench</c>, as bytes in memory and in a file.</summary>
internal sealed class DurabilityLines
{
    private readonly List<int> _starts = [0];

    public DurabilityLines(string file, int messages)
    {
        File = file;
        using (Process produce = Process.Start(new ProcessStartInfo(
            LakeProcess.DotnetPath,
            [BuiltProgram.Lake, "produce", "--profile", "bench", "--count", messages.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        })!)
        using (FileStream to = System.IO.File.Create(file))
        {
            produce.StandardOutput.BaseStream.CopyTo(to);
            produce.WaitForExit();
        }

        Bytes = System.IO.File.ReadAllBytes(file);
        for (int at = 0; (at = Array.IndexOf(Bytes, (byte)'\n', at) + 1) > 0;)
        {
            _starts.Add(at);
        }
    }

    /// <summary>Gets the place where they are on the disk.</summary>
    public string File { get; }

    /// <summary>All lines.</summary>
    public byte[] Bytes { get; }

    /// <summary>The number of messages.</summary>
    public int Count => _starts.Count - 1;

    /// <summary>Some lines in a row.</summary>
    public ReadOnlyMemory<byte> Batch(int first, int count) => Bytes.AsMemory(_starts[first].._starts[Math.Min(Count, first + count)]);
}
