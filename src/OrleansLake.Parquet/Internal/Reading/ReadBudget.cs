namespace OrleansLake.Parquet.Internal.Reading;

/// <summary>The memory that reading one column chunk may take.</summary>
internal readonly struct ReadBudget(long bytesMax)
{
    /// <summary>Returns whether a size is within the limit.</summary>
    public bool Allows(long bytes) => bytes <= bytesMax;

    /// <summary>Checks a size against the limit before anything is allocated.</summary>
    public void Check(long bytes)
    {
        if (!Allows(bytes))
        {
            throw new ParquetException(
                ParquetErrorKind.LimitExceeded, $"Reading the column takes {bytes} bytes or more, the limit is {bytesMax}.");
        }
    }
}
