using OrleansLake.TestSupport;

namespace OrleansLake.Benchmarks.Comparing;

/// <summary>Checks that contenders wrote the same: DuckDB compares their files.</summary>
internal static class Agreement
{
    private const string Messages = "silver/messages";
    private const string Corrupted = "silver/messages_corrupted";

    /// <summary>Holds that silver has all of bronze, and that both have the same reports.</summary>
    /// <exception cref="InvalidOperationException">They differ.</exception>
    public static void Assert(long bronzeRows, Outcome one, Outcome other)
    {
        long silverRows = Count(other, Messages) + Count(other, Corrupted);
        Hold(bronzeRows == silverRows, $"{other.Name}: bronze has {bronzeRows} rows, its silver {silverRows}");
        Hold(Count(one, Messages) == Count(other, Messages), $"{one.Name} and {other.Name} part silver differently");
        foreach (string report in (string[])["gold/report1", "gold/report2"])
        {
            (string left, string right) = (Relation(one, report), Relation(other, report));
            Hold(Names(left).SequenceEqual(Names(right)), $"{report}: {one.Name} and {other.Name} have other columns");
            long rows = DuckDb.Query($"select count(*) from {left}").Count;
            long different = DuckDb.Query($"select (select count(*) from (from {left} except all from {right})) + (select count(*) from (from {right} except all from {left}))").Count;
            Hold(rows > 0 && different == 0, $"{report}: {different} of {rows} rows of {one.Name} and {other.Name} differ");
        }
    }

    private static long Count(Outcome outcome, string layer) => DuckDb.Query($"select count(*) from {Relation(outcome, layer)}").Count;

    private static string Relation(Outcome outcome, string layer) => $"read_parquet({DuckDb.Text(outcome.Files(layer))})";

    private static IEnumerable<string> Names(string relation) => DuckDb.Query($"describe from {relation}").Rows.Select(static row => row[0].GetString()!);

    private static void Hold(bool condition, string message)
    {
        if (!condition)
        {
            throw new InvalidOperationException(message);
        }
    }
}
