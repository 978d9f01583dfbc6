using System.Runtime.CompilerServices;

// The shortcuts of the parsers are compared with what they are shortcuts for.
[assembly: InternalsVisibleTo("OrleansLake.Core.Tests")]
