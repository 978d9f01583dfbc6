using System.Buffers.Binary;
using OrleansLake.Storage.Checksums;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Storage.Snapshots;

/// <summary>
/// Writes a state file: a header, sections of bytes, and a directory of the sections at the end, so that sections can
/// be written before their length is known and files can be merged without knowing what they hold.
/// </summary>
/// <remarks><code>
/// header     magic "OLSTATE\n" u64 | version u16 | role u16 | partition i32 | epoch i64 | reserved u32 | CRC32C of the header u32
/// sections   bytes, one after the other
/// directory  for each section: offset i64 | length i64 | CRC32C u32
/// trailer    count of sections i32 | CRC32C of the directory and the count u32 | magic u64
/// </code>All numbers are little-endian.</remarks>
internal sealed class StateFileWriter : IDisposable
{
    public const ulong Magic = 0x0A45_5441_5453_4C4F;
    public const ushort Version = 1;
    public const int HeaderBytes = 32;
    public const int EntryBytes = 20;
    public const int TrailerBytes = 16;

    private readonly IFileWriter _file;
    private readonly List<(long Offset, long Length, uint Crc)> _sections = [];
    private long _start = HeaderBytes;
    private long _length;
    private uint _crc;

    public StateFileWriter(IFileWriter file, StateRole role, PartitionId partition, Epoch epoch)
    {
        _file = file;
        Span<byte> header = stackalloc byte[HeaderBytes];
        header.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(header, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(header[8..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(header[10..], (ushort)role);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], partition.Value);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], epoch.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(header[28..], Crc32C.Of(header[..28]));
        _file.Content.Write(header);
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        _crc = Crc32C.Append(_crc, bytes);
        _length += bytes.Length;
        _file.Content.Write(bytes);
    }

    /// <summary>Ends a section; an empty one is left out.</summary>
    public void EndSection()
    {
        if (_length > 0)
        {
            _sections.Add((_start, _length, _crc));
            _start += _length;
            _length = 0;
            _crc = 0;
        }
    }

    public CompletedFile Complete()
    {
        byte[] tail = new byte[_sections.Count * EntryBytes + TrailerBytes];
        Span<byte> at = tail;
        foreach ((long offset, long length, uint crc) in _sections)
        {
            BinaryPrimitives.WriteInt64LittleEndian(at, offset);
            BinaryPrimitives.WriteInt64LittleEndian(at[8..], length);
            BinaryPrimitives.WriteUInt32LittleEndian(at[16..], crc);
            at = at[EntryBytes..];
        }

        BinaryPrimitives.WriteInt32LittleEndian(at, _sections.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(at[4..], Crc32C.Of(tail.AsSpan(0, tail.Length - 12)));
        BinaryPrimitives.WriteUInt64LittleEndian(at[8..], Magic);
        _file.Content.Write(tail);
        return _file.Complete();
    }

    public void Dispose() => _file.Dispose();
}
