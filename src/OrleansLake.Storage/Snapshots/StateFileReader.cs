using System.Buffers.Binary;
using OrleansLake.Storage.Checksums;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Snapshots;

/// <summary>Reads what a <see cref="StateFileWriter"/> wrote, section by section.</summary>
internal sealed class StateFileReader : IDisposable
{
    private readonly IRandomReader _reader;
    private readonly (long Offset, long Length, uint Crc)[] _sections;

    private StateFileReader(IRandomReader reader, (long Offset, long Length, uint Crc)[] sections)
    {
        _reader = reader;
        _sections = sections;
    }

    public int SectionCount => _sections.Length;

    /// <exception cref="OrleansLake.Core.CorruptDataException">It is not the file that was written.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static StateFileReader Open(ILakeStore store, StateFile file, StateRole role, PartitionId partition)
    {
        IRandomReader reader = store.OpenRead(file.Path);
        try
        {
            if (reader.Length != file.Length)
            {
                throw Damage.At(
                    file.Path, Math.Min(reader.Length, file.Length),
                    $"it has {reader.Length} bytes, and its manifest says {file.Length}", Damage.RestoreFile);
            }

            CheckHeader(reader, file, role, partition);
            return new StateFileReader(reader, ReadDirectory(reader, file));
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    public byte[] ReadSection(int index)
    {
        (long offset, long length, uint crc) = _sections[index];
        byte[] bytes = GC.AllocateUninitializedArray<byte>(checked((int)length));
        return _reader.Read(bytes, offset) == bytes.Length && Crc32C.Of(bytes) == crc
            ? bytes
            : throw Damage.At(_reader.Path, offset, "a section's checksum is wrong", Damage.RestoreFile);
    }

    public void Dispose() => _reader.Dispose();

    private static void CheckHeader(IRandomReader reader, StateFile file, StateRole role, PartitionId partition)
    {
        Span<byte> header = stackalloc byte[StateFileWriter.HeaderBytes];
        if (reader.Read(header, 0) != header.Length
            || BinaryPrimitives.ReadUInt64LittleEndian(header) != StateFileWriter.Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(header[28..]) != Crc32C.Of(header[..28]))
        {
            throw Damage.At(file.Path, 0, "its header is damaged", Damage.RestoreFile);
        }

        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(header[8..]);
        if (version > StateFileWriter.Version)
        {
            throw new LakeRefusedException(
                $"{file.Path} has version {version}; this version reads up to {StateFileWriter.Version}: use a newer one");
        }

        if (BinaryPrimitives.ReadUInt16LittleEndian(header[10..]) != (ushort)role
            || BinaryPrimitives.ReadInt32LittleEndian(header[12..]) != partition.Value)
        {
            throw Damage.At(file.Path, 10, "it holds something else", Damage.RestoreFile);
        }
    }

    private static (long Offset, long Length, uint Crc)[] ReadDirectory(IRandomReader reader, StateFile file)
    {
        const int trailerBytes = StateFileWriter.TrailerBytes;
        Span<byte> trailer = stackalloc byte[trailerBytes];
        long trailerAt = file.Length - trailerBytes;
        if (trailerAt < StateFileWriter.HeaderBytes || reader.Read(trailer, trailerAt) != trailerBytes
            || BinaryPrimitives.ReadUInt64LittleEndian(trailer[8..]) != StateFileWriter.Magic)
        {
            throw Damage.At(file.Path, Math.Max(0, trailerAt), "its end is damaged", Damage.RestoreFile);
        }

        int count = BinaryPrimitives.ReadInt32LittleEndian(trailer);
        long directoryAt = trailerAt - (long)count * StateFileWriter.EntryBytes;
        if (count < 0 || directoryAt < StateFileWriter.HeaderBytes)
        {
            throw Damage.At(file.Path, trailerAt, "its count of sections is wrong", Damage.RestoreFile);
        }

        byte[] directory = new byte[trailerAt - directoryAt + 4];
        if (reader.Read(directory, directoryAt) != directory.Length
            || Crc32C.Of(directory) != BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]))
        {
            throw Damage.At(file.Path, directoryAt, "its list of sections is damaged", Damage.RestoreFile);
        }

        var sections = new (long Offset, long Length, uint Crc)[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = directory.AsSpan(i * StateFileWriter.EntryBytes, StateFileWriter.EntryBytes);
            long offset = BinaryPrimitives.ReadInt64LittleEndian(entry);
            long length = BinaryPrimitives.ReadInt64LittleEndian(entry[8..]);
            if (offset < StateFileWriter.HeaderBytes || length < 0 || offset > directoryAt - length)
            {
                throw Damage.At(file.Path, directoryAt, "a section is outside the file", Damage.RestoreFile);
            }

            sections[i] = (offset, length, BinaryPrimitives.ReadUInt32LittleEndian(entry[16..]));
        }

        return sections;
    }
}
