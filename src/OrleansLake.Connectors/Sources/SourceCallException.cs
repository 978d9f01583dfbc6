using OrleansLake.Client;

namespace OrleansLake.Connectors.Sources;

/// <summary>A call of a source that did not do what was asked, between silos.</summary>
[GenerateSerializer, Alias("OrleansLake.SourceCallException")]
internal sealed class SourceCallException : Exception
{
    internal SourceCallException(LakeClientErrorKind kind, string message)
        : base(message) => Kind = (int)kind;

    /// <summary>Gets or sets the kind of failure.</summary>
    [Id(0)]
    public int Kind { get; set; }

    /// <summary>Returns the failure of a call between silos.</summary>
    internal static SourceCallException Of(LakeClientException failure) => new(failure.Kind, failure.Message);

    /// <summary>Returns the failure of a silo that has no source of a name in its settings.</summary>
    internal static SourceCallException NotHere(string name, ILocalSiloDetails silo) =>
        new(LakeClientErrorKind.Unavailable, $"the silo {silo.SiloAddress.Endpoint} has no source {name} in its settings: give all silos of a cluster the same sources");

    /// <summary>Returns it as its callers outside of grains know it.</summary>
    internal LakeClientException ToClient() => new((LakeClientErrorKind)Kind, Message, this);
}
