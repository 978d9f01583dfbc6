using OrleansLake.Core.Countries;
using OrleansLake.Core.Messages;
using OrleansLake.Core.State;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Publishing;
using OrleansLake.Engine.Reading;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Checking;

/// <summary>
/// Compares silver with bronze, row by row: each offset of bronze is in silver once, in the table and the date that
/// its message belongs to, with the message's fields and its country. Files may be audited side by side.
/// </summary>
/// <remarks>Memory: a bit for each row of bronze, and 16 bytes for each <see cref="BucketRows"/> of them.</remarks>
internal sealed class SilverAudit
{
    private const int BucketRows = 1024;
    private const int BucketsLocatedMax = 8;

    private readonly ILakeStore _store;
    private readonly BronzeRows _bronze;
    private readonly LakeTimeZone _zone;
    private readonly IdTypes _ids;
    private readonly CountryTable _countries;
    private readonly Findings _findings;
    private readonly ulong[] _seen;
    private readonly ulong[] _bronzeSums;
    private readonly ulong[] _silverSums;
    private int _isIncomplete;

    internal SilverAudit(ILakeStore store, BronzeRows bronze, LakeTimeZone zone, IdTypes ids, CountryTable countries, Findings findings)
    {
        _store = store;
        _bronze = bronze;
        _zone = zone;
        _ids = ids;
        _countries = countries;
        _findings = findings;
        long rows = bronze.End - bronze.First;
        _seen = new ulong[(rows + 63) >> 6];
        _bronzeSums = new ulong[(rows + BucketRows - 1) / BucketRows];
        _silverSums = new ulong[_bronzeSums.Length];
    }

    /// <summary>Takes note of rows of bronze.</summary>
    internal void AddBronze(MessageBatch batch, long offset)
    {
        var fingerprint = new RowFingerprint(batch);
        for (int row = 0; row < batch.Count; row++)
        {
            _bronzeSums[(offset + row - _bronze.First) / BucketRows] += fingerprint.Of(row, offset + row);
        }
    }

    /// <summary>Records that a file could not be read: what it held is not reported as missing.</summary>
    internal void LeaveOut() => Volatile.Write(ref _isIncomplete, 1);

    /// <summary>Audits a file of silver.</summary>
    /// <returns>Its rows.</returns>
    /// <exception cref="ParquetException">It cannot be read.</exception>
    internal long Audit(DataFile file, string path)
    {
        string folder = file.Path[..file.Path.LastIndexOf('/')];
        string date = folder[(folder.LastIndexOf("date=", StringComparison.Ordinal) + 5)..];
        var faults = new FaultsOfFile(_findings, path);
        long rows = 0;
        foreach ((MessageBatch batch, long[] offsets, BytesBuffer countries, int first) in Read(path))
        {
            var fingerprint = new RowFingerprint(batch);
            int[] days = Days(batch);
            for (int row = 0; row < batch.Count; row++)
            {
                long offset = offsets[first + row];
                if (offset < file.FirstOffset || offset > file.LastOffset || offset < _bronze.First || offset >= _bronze.End)
                {
                    faults.Add(rows + row, offset, $"the manifest says that it holds offsets {file.FirstOffset} to {file.LastOffset}");
                    continue;
                }

                Look(batch, row, days[row], file.Kind, date, Country(countries, first + row), offset, rows + row, faults);
                long place = offset - _bronze.First;
                ulong bit = 1UL << (int)(place & 63);
                if ((Interlocked.Or(ref _seen[place >> 6], bit) & bit) != 0)
                {
                    faults.Add(rows + row, offset, "the offset is in silver twice");
                }

                Interlocked.Add(ref _silverSums[place / BucketRows], fingerprint.Of(row, offset));
            }

            rows += batch.Count;
        }

        faults.Tell();
        return rows;
    }

    /// <summary>Checks what shows once all of bronze and silver was read.</summary>
    internal void Complete(ManifestView view)
    {
        long missing = 0;
        long first = -1;
        for (long place = 0; place < _bronze.End - _bronze.First; place++)
        {
            if ((_seen[place >> 6] >> (int)(place & 63) & 1) == 0)
            {
                missing++;
                first = first < 0 ? place : first;
            }
        }

        if (Volatile.Read(ref _isIncomplete) != 0)
        {
            return;
        }

        _findings.Compare("offsets of bronze missing in silver", 0, missing);
        if (missing > 0)
        {
            _findings.Wrong($"{LakePaths.Silver}: offset {first + _bronze.First} is in no file, and {missing - 1} others are not; `lake replay` rebuilds silver", "silver");
            return;
        }

        int differing = 0;
        for (int bucket = 0; bucket < _bronzeSums.Length; bucket++)
        {
            if (_bronzeSums[bucket] != _silverSums[bucket] && ++differing <= BucketsLocatedMax)
            {
                Locate(bucket, view);
            }
        }

        _findings.Compare("rows of silver = rows of bronze, field by field", 0, differing);
    }

    private void Look(
        MessageBatch batch, int row, int day, DataKind kind, string date, ReadOnlySpan<byte> country, long offset, long fileRow, FaultsOfFile faults)
    {
        if (DataFileWriter.DateFolder(day) is { } belongs && !belongs.Equals(date, StringComparison.Ordinal))
        {
            faults.Add(fileRow, offset, $"its date is {belongs}, and it is under date={date}");
        }

        if (Corruption.IsCorrupted(batch.EventTypes[row], batch.EventTypes.IsNull(row)) != (kind == DataKind.MessagesCorrupted))
        {
            faults.Add(fileRow, offset, $"by its event_type it belongs to the other table");
        }

        int index = _countries.IndexOf(batch.CountryIds, row);
        if (!country.SequenceEqual(index < 0 || _countries.Names.IsNull(index) ? [] : _countries.Name(index)))
        {
            faults.Add(fileRow, offset, "its country is not that of its country_id");
        }
    }

    private int[] Days(MessageBatch batch)
    {
        int[] days = new int[batch.Count];
        _zone.LocalDays(batch.Timestamps.Values, days);
        for (int row = 0; row < days.Length; row++)
        {
            days[row] = !LakeTimeZone.IsInRange(days[row]) || batch.Timestamps.IsNull(row) ? Ledger.NoDay : days[row];
        }

        return days;
    }

    private static ReadOnlySpan<byte> Country(BytesBuffer countries, int row) => countries.IsNull(row) ? [] : countries[row];

    private IEnumerable<(MessageBatch Batch, long[] Offsets, BytesBuffer Countries, int First)> Read(string path)
    {
        using ParquetReader reader = ParquetReader.Open(_store.OpenStream(path), path);
        var messages = new ParquetMessages(reader, path, _zone, _ids, isTaken: true) { ReadsKept = true };
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            var offsets = new Int64Buffer();
            var countries = new BytesBuffer();
            reader.Read(group, "bronze_offset", offsets);
            reader.Read(group, "country", countries);
            long[] numbers = offsets.Values.ToArray();
            int first = 0;
            foreach (MessageBatch batch in messages.ReadRowGroup(group))
            {
                yield return (batch, numbers, countries, first);
                first += batch.Count;
            }
        }
    }

    // Which rows of a bucket differ: both sides are read again.
    private void Locate(int bucket, ManifestView view)
    {
        long first = _bronze.First + ((long)bucket * BucketRows);
        long end = Math.Min(first + BucketRows, _bronze.End);
        ulong[] expected = new ulong[BucketRows];
        foreach (BronzeSource file in _bronze.Files.Where(file => file.FirstOffset < end && file.FirstOffset + file.Rows > first))
        {
            foreach ((long offset, MessageBatch batch) in _bronze.Read(file))
            {
                var fingerprint = new RowFingerprint(batch);
                for (int row = 0; row < batch.Count; row++)
                {
                    if (offset + row >= first && offset + row < end)
                    {
                        expected[offset + row - first] = fingerprint.Of(row, offset + row);
                    }
                }
            }
        }

        foreach (DataFile file in view.Files.Values.Where(file => file.Kind is DataKind.Messages or DataKind.MessagesCorrupted && file.FirstOffset < end && file.LastOffset >= first))
        {
            string path = PartitionReader.Locate(_store, view.Manifest, file) ?? file.Path;
            var faults = new FaultsOfFile(_findings, path);
            long rows = 0;
            foreach ((MessageBatch batch, long[] offsets, _, int start) in Read(path))
            {
                var fingerprint = new RowFingerprint(batch);
                for (int row = 0; row < batch.Count; row++)
                {
                    long offset = offsets[start + row];
                    if (offset >= first && offset < end && fingerprint.Of(row, offset) != expected[offset - first])
                    {
                        faults.Add(rows + row, offset, "its fields are not those that bronze has at this offset");
                    }
                }

                rows += batch.Count;
            }

            faults.Tell();
        }
    }
}
