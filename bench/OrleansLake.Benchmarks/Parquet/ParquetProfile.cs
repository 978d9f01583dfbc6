using System.Diagnostics;
using System.Globalization;
using System.Text;
using OrleansLake.Benchmarks.Profiling;
using OrleansLake.TestSupport;

namespace OrleansLake.Benchmarks.Parquet;

/// <summary>Profiles where our processor time goes, by Linux's <c>perf</c> (sampled by the clock, one thread); says so where there is none.</summary>
internal static class ParquetProfile
{
    private const string Rest = "the rest";
    public const int Rounds = 15;

    // The first that fits a function's name counts.
    private static readonly (string Work, string[] Names)[] Works =
    [
        ("compress, decompress", ["Snappy", "Lz4", "Zstd", "Inflate", "Brotli"]),
        ("checksums of pages", ["Crc32"]),
        ("bounds", ["Bounds", "MinMax"]),
        ("dictionaries, hashing", ["Dictionary", "BytesTable", "BytesHash", "Codes", "XxHash", "DecodeIndices"]),
        ("UTF-8", ["Utf8", "Ascii"]),
        ("levels, encodings", ["Encodings", "PageDecoder", "Compaction", "ChunkEncoder", "BytesReader", "ValueReader"]),
        ("copies of bytes", ["memmove", "memcpy"]),
    ];

    public static string Table(string source, string output)
    {
        var shares = new Dictionary<string, Dictionary<string, double>>();
        foreach (string job in (string[])["write", "read", "column"])
        {
            if (SharesOf(job, source, output) is not { } found)
            {
                return "No profile: there is no `perf` that works on this machine.\n";
            }

            shares[job] = found;
        }

        var text = new StringBuilder("| share of processor time, 1 thread | write | read | column |\n|---|---:|---:|---:|\n");
        foreach (string work in (string[])[.. Works.Select(static work => work.Work), "the kernel: files, memory", "the JIT and the runtime", Rest])
        {
            text.Append(CultureInfo.InvariantCulture, $"| {work} |");
            foreach (Dictionary<string, double> job in shares.Values)
            {
                text.Append(CultureInfo.InvariantCulture, $" {job.GetValueOrDefault(work):F0} % |");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static Dictionary<string, double>? SharesOf(string job, string source, string output)
    {
        try
        {
            string[] command = [typeof(ParquetProfile).Assembly.Location, "parquet-job", job, source, output, "1", Rounds.ToString(CultureInfo.InvariantCulture)];
            return PerfProfile.Of(new ProcessStartInfo(LakeProcess.DotnetPath, command), output + ".perf")?
                .GroupBy(static function => WorkOf(function.Library, function.Name))
                .ToDictionary(static work => work.Key, static work => work.Sum(static function => function.Percent));
        }
        finally
        {
            File.Delete(output);
        }
    }

    private static string WorkOf(string library, string function)
    {
        foreach ((string work, string[] names) in Works)
        {
            if (names.Any(name => function.Contains(name, StringComparison.Ordinal)))
            {
                return work;
            }
        }

        return library.StartsWith("[kernel", StringComparison.Ordinal) ? "the kernel: files, memory"
            : library.Contains("clr", StringComparison.Ordinal) ? "the JIT and the runtime" : Rest;
    }
}
