using System.CommandLine;
using OrleansLake.Cli.Hosting;
using OrleansLake.Cli.Output;
using OrleansLake.Cli.Results;
using OrleansLake.Engine;
using OrleansLake.Parquet;
using OrleansLake.Storage;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake inspect</c>: what a Parquet file holds.</summary>
internal sealed class InspectCommand : LakeCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "A Parquet file of any writer, a pipe, or - for stdin" };
    private readonly FormatOption _format;

    public InspectCommand(Terminal terminal)
        : base("inspect", "Show what a Parquet file holds.", terminal)
    {
        Arguments.Add(_file);
        _format = new FormatOption(this, OutputFormat.Table, OutputFormat.Table, OutputFormat.Json);
    }

    public override IReadOnlyList<string> Remarks =>
    [
        "Its schema, row groups, encodings, codecs, sizes and statistics.",
    ];

    public override IReadOnlyList<string> Examples => ["lake inspect lake/gold/report1/data/*.parquet", "lake inspect part-0.parquet --format json"];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string path = SystemPath.Of(parsed.GetValue(_file)!);
        PipeInput.ThrowIfClosed(path);
        if (path != "-")
        {
            PipeInput.ThrowIfNoFile(path);
        }

        if (!PipeInput.IsStream(path))
        {
            ThrowIfPacked(path, KeptParquet.StartOf(path));
            using ParquetReader file = ParquetReader.Open(path);
            Write(parsed, path, file);
            return ExitCode.Done;
        }

        string name = PipeInput.NameOf(path);
        using PipeInput pipe = await PipeInput.OpenAsync(path, cancellationToken).ConfigureAwait(false);
        using KeptParquet kept = KeptParquet.Of(pipe, name);
        ThrowIfPacked(name, kept.Start);
        using ParquetReader reader = kept.Open(name);
        Write(parsed, name, reader);
        return ExitCode.Done;
    }

    // Parquet is packed in itself, and read from its end.
    private static void ThrowIfPacked(string name, ReadOnlySpan<byte> start)
    {
        if (WholeFile.PackedAdvice(start, name, "lake inspect -") is { } advice)
        {
            throw new LakeException(LakeFailure.Failed, advice);
        }
    }

    private void Write(ParseResult parsed, string path, ParquetReader reader)
    {
        if (_format.Of(parsed, Terminal) == OutputFormat.Json)
        {
            InspectText.WriteJson(path, reader, Terminal.Output);
        }
        else
        {
            InspectText.WriteTables(path, reader, Terminal);
        }
    }
}
