Console.WriteLine("OrleansLake benchmarks");
