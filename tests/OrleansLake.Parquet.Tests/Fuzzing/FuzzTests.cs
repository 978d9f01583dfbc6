using System.Diagnostics;
using System.Globalization;
using OrleansLake.TestSupport;
using Xunit.Abstractions;

namespace OrleansLake.Parquet.Tests.Fuzzing;

/// <summary>
/// Damaged files by the seed. A few thousand here; <c>ORLEANSLAKE_FUZZ_INPUTS=1000000 dotnet test
/// tests/OrleansLake.Parquet.Tests --filter Fuzz</c> runs as many as it says, and <c>ORLEANSLAKE_FUZZ_SEED</c> says where
/// it starts. A file that breaks a promise is kept beside the tests' assembly; it belongs in Fuzzing/Corpus.
/// </summary>
public class FuzzTests(ITestOutputHelper output)
{
    private const int InputsByDefault = 6000;
    private static readonly string Corpus = Path.Combine(Fixtures.Root, "tests", "OrleansLake.Parquet.Tests", "Fuzzing", "Corpus");

    public static TheoryData<string> Found() =>
        [.. Directory.EnumerateFiles(Corpus, "*.parquet").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Found))]
    public void What_the_fuzzer_found_is_read_or_refused(string file) =>
        FuzzTarget.Run(File.ReadAllBytes(Path.Combine(Corpus, file)), file);

    [Fact]
    public void Damaged_structures_are_read_or_refused_in_time_and_in_memory()
    {
        int inputs = Setting("ORLEANSLAKE_FUZZ_INPUTS", InputsByDefault);
        int seed = Setting("ORLEANSLAKE_FUZZ_SEED", Random.Shared.Next());
        output.WriteLine($"seed {seed}");
        ParquetMutator[] good = [.. Good().Select(file => new ParquetMutator(file))];
        var broken = new List<string>();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < inputs && broken.Count < 20; i++)
        {
            int each = unchecked(seed + i);
            string name = $"fuzz-{each.ToString(CultureInfo.InvariantCulture)}.parquet";
            byte[] file = good[i % good.Length].Mutate(each);
            try
            {
                FuzzTarget.Run(file, name);
            }
            catch (Exception e)
            {
                string kept = Path.Combine(AppContext.BaseDirectory, name);
                File.WriteAllBytes(kept, file);
                broken.Add($"{kept}: {e}");
            }
        }

        output.WriteLine($"{inputs} inputs in {Stopwatch.GetElapsedTime(start)}");
        Assert.True(broken.Count == 0, $"seed {seed}\n" + string.Join('\n', broken));
    }

    private static IEnumerable<byte[]> Good()
    {
        foreach (string path in Directory.EnumerateFiles(Fixtures.Path("foreign-parquet"), "*.parquet").Order(StringComparer.Ordinal))
        {
            if (!Path.GetFileName(path).StartsWith("bad-", StringComparison.Ordinal))
            {
                yield return File.ReadAllBytes(path);
            }
        }

        // Columns in structs.
        yield return File.ReadAllBytes(Path.Combine(Corpus, "nested-structs.parquet"));

        // Ours are small, so that much of them is structure.
        for (int seed = 0; seed < 40; seed++)
        {
            if (new RandomTable(seed).Write() is { Length: < 20_000 } file)
            {
                yield return file;
            }
        }
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
