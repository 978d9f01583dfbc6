using System.Text;
using OrleansLake.Core.Mapping;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Time;
using OrleansLake.Engine.Mappings;
using OrleansLake.Parquet;

namespace OrleansLake.Engine.Ingest;

/// <summary>A mapping that the first records of a source suggest, and what ingesting them through it would do.</summary>
internal sealed class MappingProposal
{
    private const int NamesShownMax = 20;

    private readonly List<Rejection> _rejections = [];

    private MappingProposal(InferredMapping inferred, int records)
    {
        Text = inferred.Text;
        Doubts = inferred.Doubts;
        Records = records;
        IdOptions = string.Concat(((MessageColumn[])[MessageSchema.UserId, MessageSchema.CountryId]).Where(column => inferred.Ids.Of(column.Name) != IdType.Number32).Select(column => $" {IdTypes.OptionOf(column.Name)} {IdTypes.Name(inferred.Ids.Of(column.Name))}"));
    }

    /// <summary>Gets the mapping's file.</summary>
    public string Text { get; }

    /// <summary>Gets what is not sure about it, a sentence each.</summary>
    public IReadOnlyList<string> Doubts { get; }

    /// <summary>Gets the options by which a lake is created that takes its ids, each with a blank before it: <c> --user-id text</c>; empty if any lake does.</summary>
    public string IdOptions { get; }

    /// <summary>Gets the number of records that were looked at.</summary>
    public int Records { get; }

    /// <summary>Gets how many messages they would be.</summary>
    public int Taken { get; private set; }

    /// <summary>Gets what of them would be rejected.</summary>
    public IReadOnlyList<Rejection> Rejections => _rejections;

    /// <summary>Gets why the source would be refused as a whole; null if it would not.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Looks at the first records of a source, and proposes a mapping.</summary>
    /// <param name="source">The source, packed or not, from its start on; it stays open.</param>
    /// <param name="name">Its name, for the guess of its format.</param>
    /// <param name="zone">The lake's time zone.</param>
    /// <param name="user">The type of the lake's <c>user_id</c>; null if the lake is to be created with what the records need.</param>
    /// <param name="country">The same of <c>country_id</c>.</param>
    /// <param name="format">Its format; null to guess it.</param>
    /// <param name="recordsMax">The most records that are looked at.</param>
    /// <exception cref="InvalidDataException">It cannot be read, or has no records; the message says what it is.</exception>
    /// <exception cref="ParquetException">It is a Parquet file that cannot be read.</exception>
    public static MappingProposal Read(Stream source, string name, LakeTimeZone zone, IdType? user, IdType? country, IngestFormat? format, int recordsMax)
    {
        using var sample = MappingSample.Read(source, name, format, recordsMax);
        if (sample.Facts.Records == 0)
        {
            throw new InvalidDataException("there are no records in it that a mapping could be made for: JSON objects, or rows behind a header, are expected");
        }

        InferredMapping inferred = new MappingInference(sample.Facts, sample.IsTable, zone, new KnownIds(user, country)).Infer();
        if (inferred.Found == 0)
        {
            IEnumerable<string> names = sample.Facts.Paths.Select(static path => string.Join('.', path.Names)).Take(NamesShownMax);
            throw new InvalidDataException($"none of its names looks like a field of a message ({ShownText.Of(Encoding.UTF8.GetBytes(string.Join(", ", names)))}); write a mapping by hand, as docs/mappings.md describes");
        }

        var proposal = new MappingProposal(inferred, sample.Facts.Records);
        try
        {
            proposal.Try(sample.Text, name, zone, new IngestOptions { Mapping = inferred.Mapping, Format = format }, inferred.Ids);
        }
        catch (InvalidDataException e)
        {
            proposal.Refusal = e.Message;
        }

        return proposal;
    }

    private void Try(Stream sample, string name, LakeTimeZone zone, IngestOptions options, IdTypes ids)
    {
        foreach (TriedRecord record in MappingTrial.Read(sample, name, zone, options, ids))
        {
            Taken += record.Messages.Count;
            _rejections.AddRange(record.Rejections);
            if (Taken + _rejections.Count >= Records)
            {
                break;
            }
        }
    }
}
