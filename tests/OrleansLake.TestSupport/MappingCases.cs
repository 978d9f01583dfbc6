using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace OrleansLake.TestSupport;

/// <summary>Random mappings with records; what fails is made smaller: fewer fields, fewer records, fewer values.</summary>
public static class MappingCases
{
    private const int Depth = 3;

    private static readonly string[] Columns = ["timestamp", "value", "event_type", "message_id", "channel", "country_id", "user_id"];

    private static readonly Gen<string> Scalars = Gen.Elements(
        "null", "true", "0", "1", "2", "1734343260123", "\"2024-12-16T10:01:00Z\"", "\"x\"", "\"\"", "\"\\u00e9\\n\"", "\"9c84dc3a-ae97-4406-b5dd-d06e56dbe9c0\"",
        "-7", "-0", "1.50", "1e3", "2147483647", "-2147483648", "2147483648", "12345678901234567890123", "false");

    private static readonly Gen<string> Paths =
        from count in Gen.Choose(1, 3)
        from names in Gen.Elements(MappingCase.Names.ToArray()).ArrayOf(count)
        select $"\"{string.Join('.', names)}\"";

    /// <summary>Returns them.</summary>
    public static Arbitrary<MappingCase> Any() => Arb.From(
        from fields in Gen.CollectToArray(Columns.Select(Field).ToArray())
        from count in Gen.Choose(1, 60)
        from records in Values(Depth).ArrayOf(count)
        select new MappingCase([.. fields.OfType<string>()], records),
        Smaller);

    // A field of the mapping; null: it is taken by its own name.
    private static Gen<string?> Field(string column)
    {
        bool isTimestamp = column == "timestamp";
        bool isRequired = isTimestamp || column == "message_id";
        Gen<string> formats = isTimestamp
            ? Gen.Frequency((1, Gen.Constant("")), (1, Gen.Elements("\"epoch-ms\"", "\"rfc3339\"", "[\"epoch-us\",\"rfc3339\"]", "\"receipt\"", "\"yyyy-MM-dd HH:mm:ss\"").Select(static format => $",\"format\":{format}")))
            : Gen.Constant("");
        Gen<string> defaults = isRequired ? Gen.Frequency((1, Gen.Constant("")), (3, Gen.Constant(isTimestamp ? ",\"default\":\"receipt\"" : ",\"default\":\"d\""))) : Gen.Constant("");
        Gen<string> maps = isTimestamp ? Gen.Constant("") : Gen.Frequency((2, Gen.Constant("")), (1, Gen.Constant(",\"map\":{\"1\":\"2\",\"x\":null},\"otherwise\":\"keep\"")));
        Gen<string> from =
            from path in Paths
            from other in Paths
            from how in Gen.Elements($"\"from\":[{path},{other}]", $"\"join\":[{path},{other}],\"separator\":\"-\"", $"\"from\":{path}", $"\"from\":{path}")
            from format in formats
            from otherwise in defaults
            from map in maps
            select $"{{{how}{format}{otherwise}{map}}}";
        Gen<string?> whole = from.Select(how => (string?)$"\"{column}\":{how}");
        return isRequired ? whole : Gen.Frequency((4, whole), (1, Gen.Constant<string?>($"\"{column}\":null")), (1, Gen.Constant<string?>($"\"{column}\":{{\"constant\":7}}")), (1, Gen.Constant<string?>(null)));
    }

    private static Gen<IReadOnlyList<string?>> Values(int depth) => Gen.Frequency((1, Gen.Constant<string?>(null)), (2, Value(depth).Select(static value => (string?)value)))
        .ArrayOf(MappingCase.Names.Count).Select(static values => (IReadOnlyList<string?>)values);

    private static Gen<string> Value(int depth)
    {
        if (depth == 0)
        {
            return Scalars;
        }

        Gen<string> objects = Values(depth - 1).Select(MappingCase.Object);
        Gen<string> lists = Value(depth - 1).ArrayOf(2).Select(static values => $"[{string.Join(',', values)}]");
        return from blank in Gen.Elements("", "", "", " ", "\t")
               from value in Gen.Frequency((10, Scalars), (1, objects), (1, lists), (1, objects.Select(static one => JsonSerializer.Serialize(one))))
               select blank + value;
    }

    private static IEnumerable<MappingCase> Smaller(MappingCase whole)
    {
        foreach (int half in (int[])[whole.Records.Count / 2, whole.Records.Count - 1])
        {
            if (half > 0)
            {
                yield return whole with { Records = [.. whole.Records.Take(half)] };
                yield return whole with { Records = [.. whole.Records.Skip(whole.Records.Count - half)] };
            }
        }

        for (int field = 0; field < whole.Fields.Count; field++)
        {
            yield return whole with { Fields = [.. whole.Fields.Where((_, at) => at != field)] };
        }

        for (int record = 0; record < whole.Records.Count && whole.Records.Count < 4; record++)
        {
            for (int value = 0; value < MappingCase.Names.Count; value++)
            {
                if (whole.Records[record][value] is not null)
                {
                    yield return whole with { Records = [.. whole.Records.Select((values, at) => at != record ? values : [.. values.Select((one, name) => name == value ? null : one)])] };
                }
            }
        }
    }
}
