using System.Text;
using OrleansLake.Core.Columns;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Tests.Columns;

/// <summary>The values that a column which a lake adds gets out of rows' attributes.</summary>
public class AddedColumnTests
{
    [Theory]
    [InlineData("string", "attributes.plan", """{"plan":"g\u006fld ünï"}""", "\"gold ünï\"")]
    [InlineData("string", "attributes.plan", """{"plan":7.50}""", "\"7.50\"")]
    [InlineData("string", "attributes.plan", """{"plan":{"id": 1}}""", """ "{\"id\": 1}" """)]
    [InlineData("string", "attributes.plan", """{"plan":""}""", "\"\"")]
    [InlineData("string", "attributes.plan", """{"x":{"plan":"no"},"pl\u0061n":"yes","plan":"later"}""", "\"yes\"")]
    [InlineData("string", "attributes.plan", """{"plan":null}""", "null")]
    [InlineData("string", "attributes.plan", "", "null")]
    [InlineData("string", "attributes.a.b", """{"a":{"x":[1,2],"b":"in"},"a.b":"whole"}""", "\"in\"")]
    [InlineData("string", "attributes.a.b", """{"a":5,"a.b":"whole"}""", "\"whole\"")]
    [InlineData("string", "/attributes/a.b", """{"a":{"b":"in"},"a.b":"whole"}""", "\"whole\"")]
    [InlineData("int64", "attributes.to.1.n", """{"to":[{"n":1},{"n":9223372036854775807}]}""", "9223372036854775807")]
    [InlineData("int64", "attributes.m.n", """{"m":"{\"n\":\"-7.0\"}"}""", "-7")]
    [InlineData("int64", "attributes.n", """{"n":" 12 "}""", "12")]
    [InlineData("int64", "attributes.n", """{"n":""}""", "null")]
    [InlineData("double", "attributes.n", """{"n":1.5e2}""", "150")]
    [InlineData("double", "attributes.n", """{"n":"0.1"}""", "0.1")]
    [InlineData("boolean", "attributes.n", """{"n":true}""", "true")]
    [InlineData("bool", "attributes.n", """{"n":"false"}""", "false")]
    [InlineData("timestamp", "attributes.at", """{"at":"2024-12-16T10:01:00.5+01:00"}""", "\"2024-12-16T09:01:00.500000Z\"")]
    [InlineData("timestamp", "attributes.at", """{"at":"2024-12-16 10:01:00"}""", "\"2024-12-16T10:01:00.000000Z\"")]
    public void A_value_is_read_as_its_type(string type, string from, string attributes, string json)
    {
        AddedColumnReader reader = Reader(type, from);
        Assert.False(reader.Read(Encoding.UTF8.GetBytes(attributes)).IsMisfit);
        Assert.Equal(json.Trim(), reader.Json(Encoding.UTF8.GetBytes(attributes)));
    }

    [Theory]
    [InlineData("int64", "9223372036854775808")]
    [InlineData("int64", "1.5")]
    [InlineData("int64", "1e3")]
    [InlineData("int64", "\"007\"")]
    [InlineData("int64", "true")]
    [InlineData("int64", "{}")]
    [InlineData("double", "1e999")]
    [InlineData("double", "\"NaN\"")]
    [InlineData("double", "[1]")]
    [InlineData("boolean", "1")]
    [InlineData("boolean", "\"yes\"")]
    [InlineData("timestamp", "1734343260")]
    [InlineData("timestamp", "\"soon\"")]
    [InlineData("string", "\"\\ud800\"")]
    public void What_is_not_of_the_type_does_not_fit(string type, string value)
    {
        byte[] attributes = Encoding.UTF8.GetBytes($$"""{"n":{{value}}}""");
        AddedColumnReader reader = Reader(type, "attributes.n");
        Assert.True(reader.Read(attributes).IsMisfit);
        Assert.Equal("null", reader.Json(attributes));
    }

    [Theory]
    [InlineData("Plan", "string", "attributes.plan", "'Plan' cannot be a column's name")]
    [InlineData("1plan", "string", "attributes.plan", "'1plan' cannot be a column's name")]
    [InlineData("user_id", "string", "attributes.plan", "a column user_id already")]
    [InlineData("bronze_offset", "string", "attributes.plan", "a column bronze_offset already")]
    [InlineData("source", "string", "attributes.plan", "a column source already")]
    [InlineData("plan", "decimal", "attributes.plan", "expected string, int64, double, boolean or timestamp")]
    [InlineData("plan", "string", "plan", "does not lead into attributes")]
    [InlineData("plan", "string", "attributes", "does not lead into attributes")]
    [InlineData("plan", "string", "attributes..plan", "has an empty name")]
    public void A_description_that_makes_no_column_says_why(string name, string type, string from, string error)
    {
        Assert.False(AddedColumn.TryCreate(name, type, from, out _, out string? found));
        Assert.Contains(error, found, StringComparison.Ordinal);
    }

    private static AddedColumnReader Reader(string type, string from)
    {
        Assert.True(AddedColumn.TryCreate("n", type, from, out AddedColumn? column, out string? error), error);
        return new AddedColumnReader(column, LakeTimeZone.Utc);
    }
}
