using System.Globalization;
using OrleansLake.Core.Messages;
using OrleansLake.Engine;

namespace OrleansLake.Cli.Producing;

/// <summary>
/// Messages as Parquet files in a folder, as Spark's producer leaves them: named by a number and a UUID, and whole
/// from the moment that their name ends in <c>.parquet</c>.
/// </summary>
internal sealed class ParquetFolderSink : IMessageSink
{
    private const string UnfinishedSuffix = ".unfinished";
    private readonly string _folder;
    private readonly ulong _names;
    private int _files;

    /// <summary>Makes the folder if it is not there.</summary>
    /// <param name="folder">Where the files go.</param>
    /// <param name="seed">The same seed gives the same names.</param>
    public ParquetFolderSink(string folder, long seed)
    {
        _folder = folder;
        _names = PositionalRandom.Bits((ulong)seed, 6);
        Directory.CreateDirectory(folder);
    }

    public int BatchMax => 1_000_000;

    public TimeSpan BatchEvery => TimeSpan.FromSeconds(1);

    public bool IsClosed => false;

    /// <summary>Returns the name of a file by its number, from 0.</summary>
    public string NameOf(int file)
    {
        Span<byte> uuid = stackalloc byte[UuidText.Length];
        UuidText.Format(PositionalRandom.Uuid(_names, (ulong)file), uuid);
        return string.Create(CultureInfo.InvariantCulture, $"part-{file:00000}-{System.Text.Encoding.ASCII.GetString(uuid)}-c000.snappy.parquet");
    }

    /// <exception cref="IOException">A file of this name is there already, or the folder cannot be written to.</exception>
    public Task WriteAsync(MessageBatch batch, CancellationToken cancellationToken)
    {
        string path = Path.Join(_folder, NameOf(_files++));
        if (File.Exists(path))
        {
            throw new IOException($"{path} is there already: give another --seed or an empty folder.");
        }

        string unfinished = path + UnfinishedSuffix;
        try
        {
            using (FileStream file = new(unfinished, FileMode.Create, FileAccess.Write))
            {
                BronzeFiles.Write(file, batch);
            }

            File.Move(unfinished, path);
        }
        finally
        {
            File.Delete(unfinished);
        }

        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
