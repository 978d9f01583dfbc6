using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace OrleansLake.Engine.Publishing;

/// <summary>
/// Asks memory for what a loop over scattered rows comes to in a few rounds: a folder's rows lie dozens of others
/// apart, so each is a cache line of its own.
/// </summary>
internal static class Ahead
{
    /// <summary>How many rows before it is used a value is asked for.</summary>
    internal const int Rows = 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static unsafe void Of<T>(ref readonly T value)
        where T : unmanaged
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in value)));
        }
    }
}
