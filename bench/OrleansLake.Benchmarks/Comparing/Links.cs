using System.Runtime.InteropServices;

namespace OrleansLake.Benchmarks.Comparing;

/// <summary>Files under a second name: a copy would leave the disk busy with writing it back while the clock runs.</summary>
internal static partial class Links
{
    /// <summary>Makes a folder that has the files of another place.</summary>
    public static void Fill(string folder, IEnumerable<string> files)
    {
        Directory.CreateDirectory(folder);
        foreach (string file in files)
        {
            string target = Path.Combine(folder, Path.GetFileName(file));
            if (OperatingSystem.IsWindows() || Link(file, target) != 0)
            {
                File.Copy(file, target);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string created);
}
