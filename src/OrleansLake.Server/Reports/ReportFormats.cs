using System.Buffers;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using OrleansLake.Client;
using OrleansLake.Engine;
using OrleansLake.Server.Errors;

namespace OrleansLake.Server.Reports;

/// <summary>Chooses the format that a request asks for: by its path's extension, else by <c>Accept</c>.</summary>
internal static class ReportFormats
{
    private const string Known = "application/json, text/csv, application/x-ndjson and application/vnd.apache.parquet (or .json, .csv, .ndjson, .parquet behind the name)";

    internal static string ContentTypeOf(ReportFormat format) => format switch
    {
        ReportFormat.Csv => "text/csv; charset=utf-8; header=present",
        ReportFormat.Ndjson => "application/x-ndjson",
        ReportFormat.Parquet => "application/vnd.apache.parquet",
        _ => "application/json",
    };

    /// <summary>Returns the report's name without an extension, and the format.</summary>
    internal static (string Report, ReportFormat Format) Of(HttpContext context, string name)
    {
        int dot = name.LastIndexOf('.');
        if (dot < 0)
        {
            return (name, OfAccept(context.Request.Headers.Accept));
        }

        ReportFormat format = name[(dot + 1)..] switch
        {
            "json" => ReportFormat.Json,
            "csv" => ReportFormat.Csv,
            "ndjson" or "jsonl" => ReportFormat.Ndjson,
            "parquet" => ReportFormat.Parquet,
            _ => throw new RequestException(StatusCodes.Status404NotFound, "not-found", $"There is no such format; there are {Known}."),
        };
        return (name[..dot], format);
    }

    internal static byte[] Render(ReportSnapshot snapshot, ReportFormat format)
    {
        var bytes = new ArrayBufferWriter<byte>(4096);
        switch (format)
        {
            case ReportFormat.Csv:
                snapshot.Table.WriteCsv(bytes);
                break;
            case ReportFormat.Ndjson:
                snapshot.Table.WriteNdjson(bytes);
                break;
            case ReportFormat.Parquet:
                using (var file = new MemoryStream())
                {
                    GoldFiles.Write(file, snapshot.Table);
                    return file.ToArray();
                }

            default:
                ReportJson.WriteSnapshot(bytes, snapshot);
                bytes.Write("\n"u8);
                break;
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static ReportFormat OfAccept(StringValues accept)
    {
        if (accept.Count == 0)
        {
            return ReportFormat.Json;
        }

        if (!MediaTypeHeaderValue.TryParseList(accept, out IList<MediaTypeHeaderValue>? types))
        {
            throw RequestException.Bad("bad-accept", "The Accept header cannot be read.");
        }

        foreach (MediaTypeHeaderValue type in types.Where(type => type.Quality is null or > 0).OrderByDescending(type => type.Quality ?? 1))
        {
            ReportFormat? format = type.MediaType.ToString().ToLowerInvariant() switch
            {
                "application/json" or "*/*" or "application/*" => ReportFormat.Json,
                "text/csv" or "text/*" => ReportFormat.Csv,
                "application/x-ndjson" or "application/ndjson" or "application/jsonl" => ReportFormat.Ndjson,
                "application/vnd.apache.parquet" or "application/x-parquet" => ReportFormat.Parquet,
                _ => null,
            };
            if (format is { } known)
            {
                return known;
            }
        }

        throw new RequestException(StatusCodes.Status406NotAcceptable, "not-acceptable", $"None of the types in Accept can be had; there are {Known}.");
    }
}
