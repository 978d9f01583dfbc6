namespace OrleansLake.Engine.Reading;

/// <summary>Rows of an external bronze file that went before any commit had published them.</summary>
/// <param name="Path">The file.</param>
/// <param name="FirstOffset">The first one's offset.</param>
/// <param name="Rows">Their number.</param>
internal readonly record struct LostRows(string Path, long FirstOffset, long Rows);
