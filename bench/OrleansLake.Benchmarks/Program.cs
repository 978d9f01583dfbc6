using OrleansLake.Benchmarks.Comparing;
using OrleansLake.Benchmarks.Connectors;
using OrleansLake.Benchmarks.Durability;
using OrleansLake.Benchmarks.Micro;
using OrleansLake.Benchmarks.Parquet;
using OrleansLake.Benchmarks.Serving;
using OrleansLake.Benchmarks.State;
using OrleansLake.Benchmarks.Works;

// Our side of 'parquet', in a process of its own.
if (args is ["parquet-job", var job, var source, var output, var threads, var rounds])
{
    return ParquetJob.Run(job, source, output, int.Parse(threads, System.Globalization.CultureInfo.InvariantCulture), int.Parse(rounds, System.Globalization.CultureInfo.InvariantCulture));
}

// What 'compare' measures of the engine, each in a process of its own.
if (args is ["open-job", var lake])
{
    return await OpenJob.RunAsync(lake);
}

if (args is ["incremental-job", var growing, var durability, .. var files])
{
    return await IncrementalJob.RunAsync(growing, durability == "durable", files);
}

if (args is ["ten-hours-job", var running, var triggers])
{
    return await TenHoursJob.RunAsync(running, int.Parse(triggers, System.Globalization.CultureInfo.InvariantCulture));
}

if (args is ["live-job", .. { Length: 5 } numbers])
{
    int[] given = [.. numbers.Select(static number => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];
    return LiveJob.Run(given[0], given[1], given[2], given[3], given[4]);
}

if (args is ["parquet"] or ["parquet", "--rows", _]
    && int.TryParse(args.Length == 3 ? args[2] : "5000000", System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var rows) && rows > 0)
{
    return ParquetComparison.Run(rows);
}

if (args is ["durability"] or ["durability", "--messages", _] or ["durability", "--messages", _, "--folder", _]
    && int.TryParse(args.Length > 2 ? args[2] : "5000000", System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var messages) && messages >= 1000)
{
    return DurabilitySuite.Run(messages, args.Length > 4 ? args[4] : null);
}

if (args is ["state"] or ["state", "--keys", _]
    && int.TryParse(args.Length > 2 ? args[2] : "20000000", System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var keys) && keys >= 10_000)
{
    return StateSuite.Run(keys);
}

if (args is ["micro"] or ["micro", "--job", _] && MicroSuite.Jobs.ContainsKey(args.Length > 2 ? args[2] : "default"))
{
    return MicroSuite.Run(args.Length > 2 ? args[2] : "default");
}

if (args is ["serve"] or ["serve", "--seconds", _]
    && int.TryParse(args.Length > 2 ? args[2] : "10", System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var seconds) && seconds >= 2)
{
    return ServingSuite.Run(seconds);
}

// Brokers and bare consumers, each in a process of its own.
if (args is [BrokerJob.Name, var topicFile, var published, var topicPartitions])
{
    return BrokerJob.Run(topicFile, int.Parse(published, System.Globalization.CultureInfo.InvariantCulture), int.Parse(topicPartitions, System.Globalization.CultureInfo.InvariantCulture));
}

if (args is [CountJob.Name, var brokers, var counted, var countedPartitions, var settings])
{
    return CountJob.Run(brokers, int.Parse(counted, System.Globalization.CultureInfo.InvariantCulture), int.Parse(countedPartitions, System.Globalization.CultureInfo.InvariantCulture), settings == CountJob.Tuned);
}

if (args is ["connectors"] or ["connectors", "--messages", _]
    && int.TryParse(args.Length > 2 ? args[2] : "1000000", System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var records) && records >= 100_000)
{
    return ConnectorSuite.Run(records);
}

if (args is ["compare", .. var rest])
{
    if (CompareOptions.TryParse(rest, Comparison.Names, out var options, out var error))
    {
        return new Comparison(options).Run();
    }

    Console.Error.WriteLine(error);
}

Console.Error.WriteLine(
    """
    OrleansLake.Benchmarks compare [--work NAME[,NAME]] [--messages 5000000] [--rounds N] [--scaling-max 50000000] [--triggers 7200]
                                   [--folder DIR] [--keep] [--into DIR]
      The whole job beside what people would use instead, each contender in its own process, alternating, on the same files; and
      what else the goals speak of. Works: bronze-to-gold, ndjson-to-gold, mapping, live, incremental, scaling, start-up, ten-hours; all
      unless told. Writes RESULTS.md and results.json into bench/, or DIR. Exit codes: 0 done, whether goals are held or not;
      1 a contender failed or they do not agree; 5 Node is not there.
    OrleansLake.Benchmarks micro [--job dry|short|default|medium|long]
      The hot paths by BenchmarkDotNet: parse, hash, dedup, pivot, encode, compress, CRC, each next to the memory bandwidth or
      the instruction bound that it could reach. Writes bench/MICRO.md.
    OrleansLake.Benchmarks parquet [--rows 5000000]
      Silver rows written and read by OrleansLake.Parquet, DuckDB, Polars and parquet-wasm. Writes bench/PARQUET.md.
    OrleansLake.Benchmarks durability [--messages 5000000] [--folder DIR]
      How fast messages become durable beside what the disk does, how long an acknowledgement takes, what fsync costs,
      and how long lakes take to open. Writes bench/DURABILITY.md.
    OrleansLake.Benchmarks state [--keys 20000000]
      What deduplication keys take in memory, and how fast messages are applied, by the number of keys. Writes bench/STATE.md.
    OrleansLake.Benchmarks serve [--seconds 10]
      Messages in, reports out and pushed over HTTP by the built `lake serve`: how many, and how late. Writes bench/SERVING.md.
    OrleansLake.Benchmarks connectors [--messages 1000000]
      Topics of Kafka into the lake, and reports into PostgreSQL, beside the bare clients of both. Writes bench/CONNECTORS.md.
    """);
return 2;
