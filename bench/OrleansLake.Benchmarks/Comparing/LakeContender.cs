using System.Runtime.InteropServices;
using OrleansLake.Testing;

namespace OrleansLake.Benchmarks.Comparing;

/// <summary>The built <c>lake</c>: a folder whose bronze somebody filled, taken in by <c>run --until-caught-up</c>.</summary>
internal sealed partial class LakeContender(bool durable) : Contender
{
    public override string Name => durable ? "OrleansLake, with fsync" : "OrleansLake";

    public override void Prepare(string bronze, string output)
    {
        var folder = Path.Combine(output, "bronze", "messages", "data");
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.EnumerateFiles(bronze, "*.parquet"))
        {
            // The same inode: a copy would leave the disk busy with writing it back while the clock runs.
            var target = Path.Combine(folder, Path.GetFileName(file));
            if (OperatingSystem.IsWindows() || Link(file, target) != 0)
            {
                File.Copy(file, target);
            }
        }
    }

    public override Measurement Run(string bronze, string output)
    {
        string[] arguments = [LakeProcess.DllPath, "run", "--until-caught-up", "--lake", output];
        return MeasuredProcess.Run(LakeProcess.DotnetPath, durable ? arguments : [.. arguments, "--no-fsync"]);
    }

    public override string Files(string output, string layer) =>
        Path.Combine(output, layer, "data", layer.StartsWith("silver", StringComparison.Ordinal) ? "**/*.parquet" : "*.parquet");

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string created);
}
