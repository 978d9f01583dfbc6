namespace OrleansLake.Storage;

/// <summary>
/// A folder is not touched: it is neither empty nor a lake, or it was made by a newer version (exit code 5).
/// </summary>
/// <param name="message">The reason, and what would be right.</param>
/// <param name="innerException">The exception that it was noticed by.</param>
public sealed class LakeRefusedException(string message, Exception? innerException = null) : Exception(message, innerException);
