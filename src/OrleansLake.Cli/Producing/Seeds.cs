using System.Security.Cryptography;

namespace OrleansLake.Cli.Producing;

/// <summary>Seeds for those who give none.</summary>
internal static class Seeds
{
    /// <summary>Returns a seed that nobody has used.</summary>
    public static long Fresh() => BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
}
