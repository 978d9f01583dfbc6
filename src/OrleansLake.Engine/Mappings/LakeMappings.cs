using System.Collections.Immutable;
using System.Text;
using OrleansLake.Core.Mapping;

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
    private volatile ImmutableSortedDictionary<string, MessageMapping>? _known;

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
    /// <exception cref="LakeException">A file of one was changed by hand, and is not a mapping.</exception>
    public ImmutableSortedDictionary<string, MessageMapping> All
    {
        get
        {
            if (_known is { } known && (_ageMax is not { } max || _clock.GetElapsedTime(Volatile.Read(ref _readAt)) < max))
            {
                return known;
            }

            lock (_gate)
            {
                if (_ageMax is not null || _known is null)
                {
                    Volatile.Write(ref _readAt, _clock.GetTimestamp());
                    _known = Read();
                }

                return _known;
            }
        }
    }

    /// <summary>Gets the default mapping; null if there is none.</summary>
    /// <exception cref="LakeException">A file of one was changed by hand, and is not a mapping.</exception>
    public MessageMapping? Default => All.GetValueOrDefault(MessageMapping.DefaultName);

    /// <summary>Returns a mapping.</summary>
    /// <param name="name">Its name; null for the default one, or <see cref="MessageMapping.None"/> where there is none.</param>
    /// <param name="mapping">The mapping.</param>
    /// <exception cref="LakeException">A file of one was changed by hand, and is not a mapping.</exception>
    public bool TryFind(string? name, out MessageMapping mapping)
    {
        mapping = name is null ? Default ?? MessageMapping.None : name == NoneName ? MessageMapping.None : All.GetValueOrDefault(name) ?? MessageMapping.None;
        return name is null or NoneName || All.ContainsKey(name);
    }

    /// <summary>Returns the names for a message about one that is not known: <c>the lake has default and sendgrid</c>.</summary>
    public string Describe() => All.IsEmpty ? "the lake has none" : $"the lake has {string.Join(", ", All.Keys)}";

    /// <summary>Keeps a mapping under a name, in place of one that has it. Durable on return.</summary>
    /// <exception cref="ArgumentException">No mapping can have the name.</exception>
    public void Set(string name, MessageMapping mapping)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        ThrowIfNotName(name);
        lock (_gate)
        {
            Write(_store, name, mapping);

            // One that was damaged may be right now.
            _known = null;
        }
    }

    /// <summary>Removes a mapping. Durable on return.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Remove(string name)
    {
        ThrowIfNotName(name);
        lock (_gate)
        {
            bool wasThere = _store.Delete(LakePaths.Mapping(name));
            _store.MakeNamesDurable([LakePaths.Mapping(name)]);
            _known = null;
            return wasThere;
        }
    }

    /// <summary>Writes the file of a mapping.</summary>
    internal static void Write(ILakeStore store, string name, MessageMapping mapping)
    {
        string path = LakePaths.Mapping(name);
        using IFileWriter file = store.CreateTemporary(LakePaths.Temporary(path));
        file.Content.Write(Encoding.UTF8.GetBytes(mapping.Text));
        store.Replace(new FileMove(file.Complete().Path, path));
    }

    private static void ThrowIfNotName(string name)
    {
        if (!MessageMapping.IsName(name) || name == NoneName)
        {
            throw new ArgumentException($"'{name}' cannot be the name of a mapping: give one of 1 to 63 of a to z, 0 to 9, _ and -, which begins with a letter, and not {NoneName}.", nameof(name));
        }
    }

    private ImmutableSortedDictionary<string, MessageMapping> Read()
    {
        ImmutableSortedDictionary<string, MessageMapping>.Builder known = ImmutableSortedDictionary.CreateBuilder<string, MessageMapping>(StringComparer.Ordinal);
        foreach (FileEntry file in _store.List(LakePaths.Mappings, recursive: false))
        {
            if (!LakePaths.TryParseMapping(file.Path, out string? name) || !MessageMapping.IsName(name))
            {
                continue;
            }

            if (!MessageMapping.TryParse(_store.ReadAll(file.Path), out MessageMapping? mapping, out string? error))
            {
                throw new LakeException(LakeFailure.Usage, $"{file.Path} of the lake is not a mapping: {error}. Correct it, or replace it with `lake mapping set {name} FILE`.");
            }

            known[name] = mapping;
        }

        return known.ToImmutable();
    }
}
