using System.Collections.Immutable;
using System.Text;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Storage.Lakes;

namespace OrleansLake.Engine.Mappings;

/// <summary>
/// The mappings that a lake keeps, by name, each in a file of its own. The one called <see cref="MessageMapping.DefaultName"/> is used
/// for whatever is sent without a name. Any threads.
/// </summary>
public sealed class LakeMappings
{
    /// <summary>The name that stands for records that are messages as they are.</summary>
    public const string NoneName = "none";

    private readonly ILakeStore _store;
    private readonly Lock _gate = new();
    private readonly TimeSpan? _ageMax;
    private readonly TimeProvider _clock;
    private long _readAt;
    private volatile ImmutableSortedDictionary<string, Kept>? _known;

    /// <param name="store">The lake's files.</param>
    /// <param name="ageMax">The time after which they are read again, where other processes may change them.</param>
    /// <param name="clock">The clock.</param>
    internal LakeMappings(ILakeStore store, TimeSpan? ageMax = null, TimeProvider? clock = null)
    {
        _store = store;
        _ageMax = ageMax;
        _clock = clock ?? TimeProvider.System;
    }

    /// <summary>Gets all of them, in the order of their names.</summary>
    /// <exception cref="LakeException">The file of one was changed by hand, and is not a mapping.</exception>
    public ImmutableSortedDictionary<string, MessageMapping> All => Known.ToImmutableSortedDictionary(static one => one.Key, static one => one.Value.Mapping, StringComparer.Ordinal);

    /// <summary>Gets the default mapping; null if there is none.</summary>
    /// <exception cref="LakeException">Its file was changed by hand, and is not a mapping.</exception>
    public MessageMapping? Default => Known.GetValueOrDefault(MessageMapping.DefaultName)?.Mapping;

    private ImmutableSortedDictionary<string, Kept> Known
    {
        get
        {
            if (_known is { } known && (_ageMax is not { } max || _clock.GetElapsedTime(Volatile.Read(ref _readAt)) < max))
            {
                return known;
            }

            lock (_gate)
            {
                try
                {
                    _known = Read();
                }
                catch (Exception e) when (_known is not null && e is IOException or UnauthorizedAccessException)
                {
                    // What is known stays until the files can be read again.
                }

                Volatile.Write(ref _readAt, _clock.GetTimestamp());
                return _known;
            }
        }
    }

    /// <summary>Returns a mapping.</summary>
    /// <param name="name">Its name; null for the default one, or <see cref="MessageMapping.None"/> where there is none.</param>
    /// <param name="mapping">The mapping.</param>
    /// <exception cref="LakeException">Its file was changed by hand, and is not a mapping.</exception>
    public bool TryFind(string? name, out MessageMapping mapping)
    {
        Kept? kept = name == NoneName ? null : Known.GetValueOrDefault(name ?? MessageMapping.DefaultName);
        mapping = kept?.Mapping ?? MessageMapping.None;
        return name is null or NoneName || kept is not null;
    }

    /// <summary>Returns the name of a mapping, as a rejected record keeps it.</summary>
    internal string? NameOf(MessageMapping mapping)
    {
        if (mapping == MessageMapping.None)
        {
            return NoneName;
        }

        (string Name, MessageMapping Mapping)[] kept = [.. Known.Where(static one => one.Value.Found is not null).Select(static one => (one.Key, one.Value.Mapping))];
        string? name = kept.FirstOrDefault(one => ReferenceEquals(one.Mapping, mapping)).Name ?? kept.FirstOrDefault(one => one.Mapping.Text == mapping.Text).Name ?? "";
        return name == MessageMapping.DefaultName ? null : name;
    }

    /// <summary>Returns rejected records with the name of the mapping through which they were read.</summary>
    internal static IReadOnlyList<Rejection> Named(IReadOnlyList<Rejection> rejections, string? name) =>
        name is null or MessageMapping.DefaultName || rejections.Count == 0 ? rejections : [.. rejections.Select(one => one with { Mapping = name })];

    /// <summary>Reads the files, so that what is sent later needs none.</summary>
    internal LakeMappings Load()
    {
        _ = Known;
        return this;
    }

    /// <summary>Returns the names for a message about one that is not known: <c>the lake has default and sendgrid</c>.</summary>
    public string Describe() => Describe([.. Known.Keys]);

    /// <summary>Names the mappings that a lake has, for people.</summary>
    internal static string Describe(IReadOnlyCollection<string> names) => names.Count == 0 ? "the lake has none" : $"the lake has {string.Join(", ", names.Order(StringComparer.Ordinal))}";

    /// <summary>Keeps a mapping under a name, in place of one that has it. Durable on return.</summary>
    /// <exception cref="ArgumentException">No mapping can have the name.</exception>
    public void Set(string name, MessageMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        ThrowIfNotName(name);
        lock (_gate)
        {
            Write(_store, name, mapping);
            _known = Read();
        }
    }

    /// <summary>Keeps a mapping that somebody gives as text.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="json">The mapping.</param>
    /// <returns>What is wrong with it, or with its name; null once it is kept.</returns>
    internal string? TrySet(string name, string json)
    {
        if (FaultOfName(name) is { } fault)
        {
            return fault;
        }

        if (!MessageMapping.TryParse(Encoding.UTF8.GetBytes(json), out MessageMapping? mapping, out string? error, Ids()))
        {
            return $"It is not a mapping: {error}.";
        }

        Set(name, mapping);
        return null;
    }

    /// <summary>Returns the texts of all of them, by name.</summary>
    /// <exception cref="LakeException">The file of one was changed by hand, and is not a mapping.</exception>
    internal Dictionary<string, string> Texts() => Known.ToDictionary(static one => one.Key, static one => one.Value.Mapping.Text, StringComparer.Ordinal);

    /// <summary>Returns why no mapping can have a name; null if one can.</summary>
    public static string? FaultOfName(string name) => MessageMapping.IsName(name) && name != NoneName ? null
        : $"'{name}' cannot be the name of a mapping: give one of 1 to 63 of a to z, 0 to 9, _ and -, which begins with a letter, and not {NoneName}.";

    /// <summary>Removes a mapping. Durable on return.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Remove(string name)
    {
        ThrowIfNotName(name);
        lock (_gate)
        {
            bool wasThere = _store.Delete(LakePaths.Mapping(name));
            _store.MakeNamesDurable([LakePaths.Mapping(name)]);
            _known = Read();
            return wasThere;
        }
    }

    /// <summary>Writes the file of a mapping.</summary>
    internal static void Write(ILakeStore store, string name, MessageMapping mapping)
    {
        string path = LakePaths.Mapping(name);

        // Silos may do so at once, each under a name of its own.
        using IFileWriter file = store.CreateTemporary(LakePaths.Temporary($"{path}.{Guid.NewGuid():N}"));
        file.Content.Write(Encoding.UTF8.GetBytes(mapping.Text));
        store.Replace(new FileMove(file.Complete().Path, path));
    }

    private static void ThrowIfNotName(string name)
    {
        if (FaultOfName(name) is { } fault)
        {
            throw new ArgumentException(fault, nameof(name));
        }
    }

    private ImmutableSortedDictionary<string, Kept> Read()
    {
        IdTypes? ids = null;
        ImmutableSortedDictionary<string, Kept>.Builder known = ImmutableSortedDictionary.CreateBuilder<string, Kept>(StringComparer.Ordinal);
        foreach (FileEntry file in _store.List(LakePaths.Mappings, recursive: false))
        {
            if (LakePaths.TryParseMapping(file.Path, out string? name) && MessageMapping.IsName(name))
            {
                known[name] = MessageMapping.TryParse(_store.ReadAll(file.Path), out MessageMapping? mapping, out string? error, ids ??= Ids())
                    ? new Kept(mapping, "") : new Kept(null, $"{file.Path} of the lake is not a mapping: {error}. Correct it, or replace it with `lake mapping set {name} FILE`.");
            }
        }

        return known.ToImmutable();
    }

    private IdTypes Ids() => LakeDescription.IdsOf(_store) ?? IdTypes.Default;

    // Of a file that was changed by hand and is wrong, why: it is reported where the mapping is needed.
    private sealed record Kept(MessageMapping? Found, string Fault)
    {
        public MessageMapping Mapping => Found ?? throw new LakeException(LakeFailure.Usage, Fault);
    }
}
