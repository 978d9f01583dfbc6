using System.Buffers;
using System.Globalization;
using OrleansLake.Core.Reports;
using OrleansLake.Engine.Gold;
using OrleansLake.Engine.Publishing;
using OrleansLake.Engine.Reading;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Checking;

/// <summary>
/// Compares gold with what it must be: the bytes that writing the same report again gives. They depend on the rows
/// alone, so this also finds what no checksum covers, such as statistics that would mislead a reader.
/// </summary>
internal sealed class GoldAudit(ILakeStore store, ReportCatalog reports, Findings findings)
{
    // Gold is made of the state: of one that is damaged it would be as wrong again.
    private string Remedy => findings.HasDamage ? "`lake replay` rebuilds it" : "remove it, and `lake run` writes it again";

    private readonly Dictionary<string, byte[]> _files = [];

    /// <summary>
    /// Reads all of gold, before anything that takes long: later commits replace it. False if one of its files is of
    /// another commit.
    /// </summary>
    internal bool Read(IReadOnlyList<Manifest> manifests)
    {
        bool isOf = true;
        foreach (string name in GoldFiles.Names(reports))
        {
            try
            {
                byte[] bytes = store.ReadAll(LakePaths.GoldFile(name));
                _files[name] = bytes;
                using ParquetReader reader = ParquetReader.Open(bytes, LakePaths.GoldFile(name));
                isOf &= GoldFiles.IsOf(reader, manifests);
            }
            catch (Exception e) when (e is FileNotFoundException or ParquetException)
            {
                isOf = false;
            }
        }

        return isOf;
    }

    /// <summary>Compares with what was counted from bronze.</summary>
    /// <param name="view">The commits that gold is to be of.</param>
    /// <param name="recounted">The reports, in the order of the catalog.</param>
    /// <param name="mended">The number of rejected records that were replayed or dismissed.</param>
    internal void Compare(LakeView view, IReadOnlyList<ReportTable> recounted, long mended)
    {
        for (int i = 0; i < recounted.Count; i++)
        {
            ReportTable expected = recounted[i];
            Compare(
                view, expected.Definition.Name, (file, manifests) => GoldFiles.Write(file, expected, manifests),
                reader => Text(GoldFiles.Read(reader, expected.Definition)), Text(GoldNames.Of(view.Manifests, expected.Definition.Name).Apply(expected)));
        }

        Compare(
            view, LakePaths.Ledger,
            (file, manifests) => LedgerFiles.Write(file, new LedgerTable(view.Ledger, mended, GoldFiles.NumberOf(manifests), view.Position), manifests), null, []);
    }

    private void Compare(LakeView view, string name, Action<Stream, IReadOnlyList<Manifest>> write, Func<ParquetReader, byte[]>? rowsOf, byte[] rows)
    {
        string path = LakePaths.GoldFile(name);
        if (!_files.TryGetValue(name, out byte[]? bytes))
        {
            if (view.Ledger.Total == default)
            {
                findings.Note(name, "there is none yet");
                return;
            }

            if (GoldFiles.HasBeen(store, reports, view.Manifests, name))
            {
                findings.Wrong($"{path} is missing; `lake run` writes it again", name);
            }
            else
            {
                findings.Behind($"{path} is not there yet; `lake run` writes it", name);
            }

            return;
        }

        try
        {
            using ParquetReader reader = ParquetReader.Open(bytes, path);
            if (!GoldFiles.IsOf(reader, view.Manifests))
            {
                long position = GoldFiles.Number(reader, GoldFiles.PositionKey);
                string fault = $"{path} is as of offset {(position < 0 ? "unknown" : position.ToString(CultureInfo.InvariantCulture))}, and the newest commit is as of {view.Position}; `lake run` writes it again";
                if (GoldFiles.IsBefore(reader, view.Manifests))
                {
                    findings.Behind(fault, name);
                }
                else
                {
                    findings.Wrong(fault, name);
                }

                return;
            }

            using var expected = new MemoryStream();
            // Of the same state, written for an earlier manifest of it: the numbers add up to what the file says.
            Manifest first = view.Manifests[0];
            long difference = GoldFiles.Number(reader, GoldFiles.ManifestKey) - view.Number;
            write(expected, [first with { Number = first.Number + difference }, .. view.Manifests.Skip(1)]);
            if (expected.GetBuffer().AsSpan(0, (int)expected.Length).SequenceEqual(bytes))
            {
                findings.Compare($"gold/{name} = counted again from bronze", "the same bytes", "the same bytes");
                return;
            }

            byte[] found = rowsOf?.Invoke(reader) ?? [];
            if (rowsOf is not null && !found.AsSpan().SequenceEqual(rows))
            {
                findings.Wrong($"{path}: {Difference(found, rows)}; {Remedy}", name);
                return;
            }

            using ParquetReader ours = ParquetReader.Open(expected.ToArray(), path);
            bool isOfBefore = FileFormat.Text(reader, FileFormat.VersionKey) is null;
            bool isOfOther = reader.Metadata.CreatedBy != ours.Metadata.CreatedBy && WithoutDigits(reader.Metadata.CreatedBy) == WithoutDigits(ours.Metadata.CreatedBy);
            if ((isOfBefore || isOfOther) && rowsOf is not null)
            {
                findings.Note(name, $"{path} was written by {(isOfBefore ? "an earlier version" : reader.Metadata.CreatedBy)}: its rows are right");
                return;
            }

            int place = bytes.AsSpan().CommonPrefixLength(expected.GetBuffer().AsSpan(0, (int)expected.Length));
            findings.Wrong($"{path}: from byte {place} on it is not what this version writes; {Remedy}", name);
        }
        catch (ParquetException e)
        {
            findings.Wrong($"{e.Message} {path} is derived: {Remedy}", name);
        }
    }

    // What distinguishes versions of one writer.
    private static string WithoutDigits(string? text) => string.Concat((text ?? "").Where(letter => !char.IsAsciiDigit(letter)));

    private static string Difference(byte[] found, byte[] expected)
    {
        int place = found.AsSpan().CommonPrefixLength(expected);
        int row = expected.AsSpan(0, place).Count((byte)'\n');
        return $"row {row} is {Line(found, row)}, and bronze gives {Line(expected, row)}";
    }

    private static string Line(byte[] text, int row)
    {
        string[] lines = System.Text.Encoding.UTF8.GetString(text).Split('\n');
        string line = row < lines.Length ? lines[row] : "";
        return line.Length == 0 ? "nothing" : line.Length > 200 ? line[..200] + "..." : line;
    }

    private static byte[] Text(ReportTable table)
    {
        var text = new ArrayBufferWriter<byte>();
        table.WriteNdjson(text);
        return text.WrittenSpan.ToArray();
    }
}
