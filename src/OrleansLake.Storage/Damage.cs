using OrleansLake.Core;

namespace OrleansLake.Storage;

/// <summary>Describes damage, with what can be done about it.</summary>
internal static class Damage
{
    public const string RestoreFile = "Restore the file from a backup.";

    public const string RestoreLake = "Restore the lake from a backup; nothing was changed.";

    public static CorruptDataException At(string file, long offset, string what, string remedy) =>
        new(file, offset, what, remedy);
}
