using OrleansLake.Testing;

namespace OrleansLake.Benchmarks.Comparing;

/// <summary>Whether two contenders wrote the same: DuckDB compares their files.</summary>
internal static class Agreement
{
    /// <exception cref="InvalidOperationException">They differ.</exception>
    public static void Assert(string bronze, Contender one, Contender other, Func<Contender, string> outputOf)
    {
        var bronzeRows = DuckDb.Query($"select count(*) from read_parquet({DuckDb.Text(Path.Combine(bronze, "*.parquet"))})").Count;
        var silverRows = Silver(other, "silver/messages") + Silver(other, "silver/messages_corrupted");
        Hold(bronzeRows == silverRows, $"{other.Name}: bronze has {bronzeRows} rows, its silver {silverRows}");
        Hold(Silver(one, "silver/messages") == Silver(other, "silver/messages"), $"{one.Name} and {other.Name} part silver differently");
        foreach (var report in new[] { "gold/report1", "gold/report2" })
        {
            var (left, right) = (Relation(one, report), Relation(other, report));
            Hold(Names(left).SequenceEqual(Names(right)), $"{report}: {one.Name} and {other.Name} have other columns");
            var rows = DuckDb.Query($"select count(*) from {left}").Count;
            var different = DuckDb.Query($"select (select count(*) from (from {left} except all from {right})) + (select count(*) from (from {right} except all from {left}))").Count;
            Hold(rows > 0 && different == 0, $"{report}: {different} of {rows} rows of {one.Name} and {other.Name} differ");
        }

        long Silver(Contender contender, string layer) => DuckDb.Query($"select count(*) from {Relation(contender, layer)}").Count;
        string Relation(Contender contender, string layer) => $"read_parquet({DuckDb.Text(contender.Files(outputOf(contender), layer))})";
    }

    private static IEnumerable<string> Names(string relation) => DuckDb.Query($"describe from {relation}").Rows.Select(static row => row[0].GetString()!);

    private static void Hold(bool condition, string message)
    {
        if (!condition)
        {
            throw new InvalidOperationException(message);
        }
    }
}
