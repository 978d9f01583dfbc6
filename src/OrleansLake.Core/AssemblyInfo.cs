using System.Runtime.CompilerServices;

// Pivots are measured alone, too.
[assembly: InternalsVisibleTo("OrleansLake.Benchmarks")]

// The shortcuts of the parsers are compared with what they are shortcuts for.
[assembly: InternalsVisibleTo("OrleansLake.Core.Tests")]

// Wait between tries as one another do.
[assembly: InternalsVisibleTo("OrleansLake.Client")]
[assembly: InternalsVisibleTo("OrleansLake.Client.Embedded")]
[assembly: InternalsVisibleTo("OrleansLake.Engine")]
[assembly: InternalsVisibleTo("OrleansLake.Grains")]
[assembly: InternalsVisibleTo("OrleansLake.Server")]
[assembly: InternalsVisibleTo("OrleansLake.Sources.Kafka")]
[assembly: InternalsVisibleTo("OrleansLake.Sources.RabbitMq")]
