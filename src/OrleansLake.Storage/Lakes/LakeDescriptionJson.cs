using System.Text.Json;
using OrleansLake.Core.Columns;
using OrleansLake.Core.Messages;
using OrleansLake.Storage.Json;

namespace OrleansLake.Storage.Lakes;

internal static class LakeDescriptionJson
{
    public static LakeDescription Map(ref StorageJson json, LakeDescription? description)
    {
        int? formatVersion = description?.FormatVersion;
        string? timeZone = description?.TimeZone;
        int? partitions = description?.Partitions;
        uint? countriesCrc32C = description?.CountriesCrc32C;

        // A lake that was never repartitioned is one that version 1 reads, which knows no such field.
        int? firstPartition = description is { FirstPartition: not 0 } ? description.FirstPartition : null;
        string? keep = description is { Keep: not KeptFields.None } ? KeptFieldNames.Text(description.Keep) : null;
        IReadOnlyList<AddedColumn>? columns = description is { Added.IsEmpty: false } ? description.Added.Columns : null;
        string? userId = description is { Ids.User: not IdType.Number32 } ? IdTypes.Name(description.Ids.User) : null;
        string? countryId = description is { Ids.Country: not IdType.Number32 } ? IdTypes.Name(description.Ids.Country) : null;
        PartitionRange? replaces = description?.Replaces;
        json.BeginObject();
        while (json.NextField())
        {
            _ = json.Int32("formatVersion"u8, ref formatVersion)
                || json.Text("timeZone"u8, ref timeZone)
                || json.Int32("partitions"u8, ref partitions)
                || json.UInt32("countriesCrc32C"u8, ref countriesCrc32C)
                || json.Int32("firstPartition"u8, ref firstPartition)
                || json.Text("keep"u8, ref keep)
                || json.Array("columns"u8, ref columns, MapColumn!)
                || json.Text("userId"u8, ref userId)
                || json.Text("countryId"u8, ref countryId)
                || json.Value("replaces"u8, ref replaces, MapRange)
                || json.Unknown();
        }

        return description ?? new LakeDescription(formatVersion ?? 0, timeZone ?? throw StorageJson.Missing("timeZone"), partitions ?? 0)
        {
            CountriesCrc32C = countriesCrc32C,
            FirstPartition = firstPartition ?? 0,
            Keep = KeptFieldNames.TryParse(keep ?? "", out KeptFields fields, out _) ? fields : throw StorageJson.Missing("keep"),
            Added = columns is null ? AddedColumns.None : AddedColumns.Of(columns),
            Ids = IdsOf(userId, countryId),
            Replaces = replaces,
        };
    }

    private static AddedColumn MapColumn(ref StorageJson json, AddedColumn? column)
    {
        string? name = column?.Name;
        string? type = column?.TypeName;
        string? from = column?.From;
        json.BeginObject();
        while (json.NextField())
        {
            _ = json.Text("name"u8, ref name) || json.Text("type"u8, ref type) || json.Text("from"u8, ref from) || json.Unknown();
        }

        return column ?? (AddedColumn.TryCreate(name ?? "", type ?? "", from ?? "", out AddedColumn? read, out string? error) ? read : throw new JsonException($"its columns: {error}"));
    }

    private static IdTypes IdsOf(string? userId, string? countryId)
    {
        IdType user = IdType.Number32;
        IdType country = IdType.Number32;
        return userId is not null && !IdTypes.TryParseUser(userId, out user, out _) ? throw StorageJson.Missing("userId")
            : countryId is not null && !IdTypes.TryParseCountry(countryId, out country, out _) ? throw StorageJson.Missing("countryId")
            : user == IdType.Number32 && country == IdType.Number32 ? IdTypes.Default : new IdTypes(user, country);
    }

    private static PartitionRange MapRange(ref StorageJson json, PartitionRange? range)
    {
        int? first = range?.First;
        int? count = range?.Count;
        json.BeginObject();
        while (json.NextField())
        {
            _ = json.Int32("first"u8, ref first) || json.Int32("count"u8, ref count) || json.Unknown();
        }

        return range ?? new PartitionRange(first ?? 0, count ?? 0);
    }
}
