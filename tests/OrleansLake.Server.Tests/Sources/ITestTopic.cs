using Microsoft.Extensions.DependencyInjection;

namespace OrleansLake.Server.Tests.Sources;

/// <summary>A topic of a real broker for <see cref="TopicSourceContract"/>.</summary>
internal interface ITestTopic : IAsyncDisposable
{
    /// <summary>Gets the source's name.</summary>
    string Source { get; }

    /// <summary>Gets what a rejected record and the column <c>source</c> say of partition 0.</summary>
    string Partition { get; }

    /// <summary>Makes an application read it.</summary>
    void AddTo(IServiceCollection services, string? mapping = null, bool skipsGaps = false);

    /// <summary>Publishes records to partition 0.</summary>
    Task PublishAsync(params string[] values);

    /// <summary>Makes the broker delete what partition 0 has, before the lake has read the last of it, and publishes a record behind.</summary>
    /// <returns>What the source says that happened.</returns>
    Task<string> LoseAsync(string last);
}
