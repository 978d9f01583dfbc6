using System.Globalization;
using System.Text.Json;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;

namespace OrleansLake.Client.Http;

/// <summary>Reads reports and their changes from the server's JSON.</summary>
internal static class ReportReader
{
    private static readonly int DayNumberOf1970 = new DateOnly(1970, 1, 1).DayNumber;

    internal static ReportDefinition Definition(JsonElement json, ReportCatalog reports)
    {
        string name = json.GetProperty("report").GetString()!;
        return reports.Find(name)
            ?? throw new LakeClientException(LakeClientErrorKind.Failed, $"The server speaks of a report '{name}', which this client does not know: name it in LakeHttpOptions.Reports, or use a newer client.");
    }

    internal static ReportSnapshot Snapshot(JsonElement json, ReportCatalog reports)
    {
        ReportDefinition report = Definition(json, reports).Of(Ids(json.GetProperty("columns")));
        ReportTable table = Table(report, Counted(report, json.GetProperty("columns")), json.GetProperty("rows"));
        return new ReportSnapshot { Table = table, Position = Position(json), Time = Time(json), RowsInAll = json.GetProperty("rows_in_all").GetInt32() };
    }

    /// <summary>Returns the types of the lake's ids, as far as a report's columns say them.</summary>
    internal static IdTypes Ids(JsonElement columns)
    {
        IdType user = IdType.Number32;
        IdType country = IdType.Number32;
        foreach (JsonElement column in columns.EnumerateArray())
        {
            string? name = column.GetProperty("name").GetString();
            IdType type = column.GetProperty("type").GetString() switch
            {
                "text" => IdType.Text,
                "int64" => IdType.Number64,
                _ => IdType.Number32,
            };
            user = name == MessageSchema.UserId.Name ? type : user;
            country = name == MessageSchema.CountryId.Name ? type : country;
        }

        return new IdTypes(user, country);
    }

    internal static LakePosition Position(JsonElement json) => LakePosition.TryParse(json.GetProperty("position").GetString(), out LakePosition? position) ? position
        : throw new JsonException("the position cannot be read");

    internal static DateTimeOffset Time(JsonElement json) => json.GetProperty("time").GetDateTimeOffset();

    internal static LedgerCounts Figures(JsonElement json) => new(
        json.GetProperty("bronze").GetInt64(),
        json.GetProperty("messages").GetInt64(),
        json.GetProperty("messages_corrupted").GetInt64(),
        json.TryGetProperty("rejected", out JsonElement rejected) ? rejected.GetInt64() : 0,
        json.GetProperty("deduplicated").GetInt64());

    /// <summary>Returns the names of the counted columns, without keys and total.</summary>
    internal static string[] Counted(ReportDefinition report, JsonElement columns) =>
    [
        .. columns.EnumerateArray().Select(column => column.GetProperty("name").GetString()!)
            .Where((name, i) => i >= report.RowKeys.Count && name != report.TotalColumn),
    ];

    /// <summary>Returns rows under counted columns; a row without a total has keys only.</summary>
    internal static ReportTable Table(ReportDefinition report, string[] counted, JsonElement rows)
    {
        object[] keys = [.. report.RowKeys.Select(key => report.ColumnType(key) switch
        {
            ReportColumnType.Text => new TextColumn(),
            ReportColumnType.LongNumber => new NumberColumn<long>(),
            _ => (object)new NumberColumn<int>(),
        })];
        NumberColumn<long>[] counts = [.. counted.Select(_ => new NumberColumn<long>())];
        var totals = new List<long>();
        foreach (JsonElement row in rows.EnumerateArray())
        {
            for (int key = 0; key < keys.Length; key++)
            {
                AppendKey(report.ColumnType(report.RowKeys[key]), keys[key], row.GetProperty(ReportDefinition.ColumnName(report.RowKeys[key])));
            }

            bool hasCounts = row.TryGetProperty(report.TotalColumn, out JsonElement total);
            totals.Add(hasCounts ? total.GetInt64() : 0);
            for (int column = 0; column < counts.Length; column++)
            {
                if (hasCounts && row.TryGetProperty(counted[column], out JsonElement count) && count.ValueKind == JsonValueKind.Number)
                {
                    counts[column].Append(count.GetInt64());
                }
                else
                {
                    counts[column].AppendNull();
                }
            }
        }

        return ReportColumns.ToTable(report, keys, counted, counts, [.. totals]);
    }

    private static void AppendKey(ReportColumnType type, object column, JsonElement value)
    {
        bool isNull = value.ValueKind == JsonValueKind.Null;
        if (column is TextColumn texts)
        {
            if (isNull)
            {
                texts.AppendNull();
            }
            else
            {
                texts.Append(System.Text.Encoding.UTF8.GetBytes(value.GetString()!));
            }
        }
        else if (column is NumberColumn<long> longs)
        {
            if (isNull)
            {
                longs.AppendNull();
            }
            else
            {
                longs.Append(value.ValueKind == JsonValueKind.String ? long.Parse(value.GetString()!, CultureInfo.InvariantCulture) : value.GetInt64());
            }
        }
        else if (isNull)
        {
            ((NumberColumn<int>)column).AppendNull();
        }
        else
        {
            ((NumberColumn<int>)column).Append(type == ReportColumnType.Date
                ? DateOnly.ParseExact(value.GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture).DayNumber - DayNumberOf1970
                : value.GetInt32());
        }
    }
}
