using System.Runtime.CompilerServices;
using OrleansLake.Core.Messages;

namespace OrleansLake.Cli.Producing;

/// <summary>
/// Random numbers by position: number <c>n</c> of stream <c>s</c> is computed, not drawn (SplitMix64,
/// https://prng.di.unimi.it/splitmix64.c), so that message <c>n</c> needs none of the messages before it.
/// </summary>
internal static class PositionalRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>Returns 64 random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Bits(ulong stream, ulong number)
    {
        ulong z = stream + ((number + 1) * Golden);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Returns a number below <paramref name="bound"/> from 64 random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Below(ulong bits, ulong bound) => Math.BigMul(bits, bound, out _);

    /// <summary>Returns a number in [0, 1) from 64 random bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Unit(ulong bits) => (bits >> 11) * (1.0 / (1UL << 53));

    /// <summary>Returns a UUID of version 4 (RFC 9562, section 5.4).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static MessageIdBits Uuid(ulong stream, ulong number)
    {
        ulong high = Bits(stream, 2 * number);
        ulong low = Bits(stream, (2 * number) + 1);
        return new MessageIdBits((high & ~0xF000UL) | 0x4000, (low & (ulong.MaxValue >> 2)) | (1UL << 63));
    }
}
