using OrleansLake.Core.Countries;
using OrleansLake.Core.Messages;
using OrleansLake.Engine.Input;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Opening;

/// <summary>
/// The countries that a lake is created with, as a user gives them: CSV, packed or not, or Parquet, in a file or from a pipe.
/// It is read once, since a pipe has its bytes once.
/// </summary>
internal static class CountriesSource
{
    // A row of a country takes 20 bytes or so.
    private const int BytesMax = 64 * 1024 * 1024;

    /// <summary>Reads it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="type">The type of the ids.</param>
    /// <exception cref="LakeException">It cannot be read, or holds no such table.</exception>
    internal static CountryTable Read(string path, IdType type = IdType.Number32)
    {
        path = SystemPath.Of(path);
        try
        {
            byte[] bytes = Unpacked(WholeFile.Read(path, BytesMax), path);
            if (KnownBytes.KindWithin(bytes) == KnownBytes.Parquet)
            {
                return FromParquet(bytes, path, type);
            }

            return KnownBytes.KindOfBody(bytes.AsSpan(0, Math.Min(bytes.Length, KnownBytes.LookedAtBytes))) is not { } kind ? CountryTable.FromCsv(bytes, type)
                : throw new InvalidDataException($"{kind}, but CSV or Parquet is expected; CSV may be packed with gzip or zstd, once.");
        }
        catch (ParquetException e)
        {
            throw new LakeException(LakeFailure.Failed, e.Message, e);
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            throw new LakeException(LakeFailure.Failed, $"{path}: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OptionFile.Unreadable("countries", path, e, "--countries", nameof(LakeOptions.CountriesFile));
        }
    }

    /// <summary>Returns the same, given up when the token is cancelled: opening a pipe, and reading it, wait for its writer.</summary>
    internal static Task<CountryTable> ReadAsync(string path, IdType type, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(() => Read(path, type), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(cancellationToken);

    private static byte[] Unpacked(byte[] bytes, string path)
    {
        if (!TextSource.IsPacked(bytes))
        {
            return bytes;
        }

        using var packed = new MemoryStream(bytes);
        using Stream unpacked = bytes is [0x1F, 0x8B, ..] ? new GzipText(packed, "nothing of it was ingested") : new ZstdText(packed);
        return WholeFile.Read(unpacked, path, BytesMax);
    }

    private static CountryTable FromParquet(byte[] bytes, string path, IdType type)
    {
        using ParquetReader reader = ParquetReader.Open(bytes, path);
        var ids = new IdColumn();
        var names = new TextColumn();
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            var numbers = new Int32Buffer();
            var codes = new BytesBuffer();
            var nameBuffer = new BytesBuffer();
            ColumnBuffer idBuffer = type == IdType.Text ? codes : numbers;
            if (type == IdType.Text)
            {
                reader.Read(group, "country_id", codes);
            }
            else
            {
                reader.Read(group, "country_id", numbers);
            }

            reader.Read(group, "country", nameBuffer);
            for (int row = 0; row < idBuffer.Count; row++)
            {
                if (idBuffer.IsNull(row))
                {
                    // It can match no message.
                    continue;
                }

                if (type == IdType.Text)
                {
                    ids.Append(codes[row]);
                }
                else
                {
                    ids.Append(numbers.Values[row]);
                }

                if (nameBuffer.IsNull(row))
                {
                    names.AppendNull();
                }
                else
                {
                    names.Append(nameBuffer[row]);
                }
            }
        }

        return CountryTable.FromRows(ids, names, type);
    }
}
