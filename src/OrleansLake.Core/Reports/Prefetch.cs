using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace OrleansLake.Core.Reports;

/// <summary>Prefetches what is read a little later, so that the waits overlap.</summary>
internal static class Prefetch
{
    /// <summary>Prefetches a place. A hint only: should the collector move the object meanwhile, nothing but the hint is lost.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Of<T>(ref T place)
        where T : unmanaged
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref place));
        }
    }
}
