namespace OrleansLake.Server.Tests.Contracts;

/// <summary>The contract over HTTP and the engine, of a lake of four partitions.</summary>
public class ManyPartitionsLakeClientTests : HttpLakeClientTests
{
    protected override int Partitions => 4;
}
