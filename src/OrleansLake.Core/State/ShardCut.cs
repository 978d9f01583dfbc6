using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OrleansLake.Core.State;

/// <summary>
/// A shard's entries at one moment. Those that are replaced later are kept here as they were; the others are read where
/// they are, so every call is a call on the shard as far as threads go.
/// </summary>
/// <param name="shard">The shard.</param>
/// <param name="count">The number of entries that it had.</param>
/// <param name="marked">Entries from here on were new since the cut before.</param>
/// <param name="touched">Entries below that were replaced since.</param>
internal sealed class ShardCut(StateShard shard, int count, int marked, List<int> touched)
{
    private readonly Dictionary<int, FirstOccurrence> _before = [];

    public int Count { get; } = count;

    public int Marked { get; } = marked;

    public List<int> Touched { get; } = touched;

    public int ChangedCount => Count - Marked + Touched.Count;

    /// <summary>Gets an entry as of the cut. Valid until the next entry is kept.</summary>
    public ref readonly FirstOccurrence this[int index]
    {
        get
        {
            ref readonly FirstOccurrence entry = ref shard[index];
            if (!shard.IsTouched(entry))
            {
                return ref entry;
            }

            ref readonly FirstOccurrence before = ref CollectionsMarshal.GetValueRefOrNullRef(_before, index);
            return ref Unsafe.IsNullRef(in before) ? ref entry : ref before;
        }
    }

    /// <summary>Returns the index of the n-th changed key, for n below <see cref="ChangedCount"/>.</summary>
    public int Changed(int n) => n < Touched.Count ? Touched[n] : Marked + n - Touched.Count;

    public ReadOnlySpan<byte> Text(in FirstOccurrence entry) => shard.Text(entry);

    /// <summary>Keeps an entry that is about to be replaced for the first time since the cut.</summary>
    public void Keep(int index, in FirstOccurrence entry) => _before.Add(index, entry);
}
