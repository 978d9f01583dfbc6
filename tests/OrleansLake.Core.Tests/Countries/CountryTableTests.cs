using System.Text;
using OrleansLake.Core.Countries;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Tests.Countries;

public class CountryTableTests
{
    [Fact]
    public void The_notebooks_table_is_built_in()
    {
        CountryTable table = CountryTable.Notebook;
        Assert.Equal(16, table.Count);
        Assert.Equal("Brazil", Name(table, 2000));
        Assert.Equal("United Kingdom", Name(table, 2006));
        Assert.Equal("Argentina", Name(table, 2015));
        Assert.Equal(-1, table.IndexOf(1999));
        Assert.Equal(-1, table.IndexOf(2016));
        Assert.Equal(-1, table.IndexOf(int.MinValue));
        Assert.Equal(-1, table.IndexOf(int.MaxValue));
    }

    [Theory]
    [InlineData("country_id,country\n1,A\n2,B")]
    [InlineData("country,country_id\r\nA,1\r\nB,2\r\n")]
    [InlineData("\uFEFFcountry_id,continent,country\n1,x,A\n\n2,\"y\nz\",\"B\"\n")]
    public void Csv_is_read_with_its_columns_in_any_order(string csv)
    {
        CountryTable table = Read(csv);
        Assert.Equal([1, 2], table.Ids.ToArray());
        Assert.Equal("A", Name(table, 1));
        Assert.Equal("B", Name(table, 2));
    }

    [Fact]
    public void Ids_may_be_any_and_names_too()
    {
        CountryTable table = Read("country_id,country\n-2147483648,\"Côte d\"\"Ivoire, x\"\n2147483647,\"\"\n0,\"a\nb\"\n");
        Assert.Equal("Côte d\"Ivoire, x", Name(table, int.MinValue));
        Assert.Equal("", Name(table, int.MaxValue));
        Assert.Equal("a\nb", Name(table, 0));
        Assert.Equal(-1, table.IndexOf(1));
        CountryTable again = CountryTable.FromCsv(table.ToCsv());
        Assert.Equal(table.Ids.ToArray(), again.Ids.ToArray());
        Assert.Equal(table.Names.Bytes.ToArray(), again.Names.Bytes.ToArray());
    }

    [Fact]
    public void A_table_may_be_empty()
    {
        Assert.Equal(-1, Read("country_id,country\n").IndexOf(0));
        Assert.Equal(0, Read("country_id,country").Count);
    }

    [Theory]
    [InlineData("", "line 1", "header")]
    [InlineData("country_id;country\n1;A\n", "line 1", "country_id;country")]
    [InlineData("id,country\n1,A\n", "line 1", "country_id and country")]
    [InlineData("country_id,country,country\n", "line 1", "twice")]
    [InlineData("country_id,country\n1,A\nx,B\n", "line 3", "\"x\"")]
    [InlineData("country_id,country\n1,\"A\nB\"\nx,B\n", "line 4", "\"x\"")]
    [InlineData("country_id,country\n1.0,A\n", "line 2", "\"1.0\"")]
    [InlineData("country_id,country\n2147483648,A\n", "line 2", "2147483648")]
    [InlineData("country_id,country\n1\n", "line 2", "1 field,")]
    [InlineData("country_id,country\n1,A,B\n", "line 2", "3 fields")]
    [InlineData("country_id,country\n1,\n", "line 2", "no name")]
    [InlineData("country_id,country\n1,\"A\n", "line 2", "not closed")]
    [InlineData("country_id,country\n1,A\n2,B\n1,C\n", "country_id 1", "twice")]
    public void What_is_wrong_is_named_with_its_line(string csv, string where, string what)
    {
        string message = Assert.Throws<FormatException>(() => Read(csv)).Message;
        Assert.Contains(where, message, StringComparison.Ordinal);
        Assert.Contains(what, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_named_with_their_line()
    {
        byte[] csv = [.. "country_id,country\n1,"u8, 0xE9, (byte)'\n'];
        Assert.Contains("line 2", Assert.Throws<FormatException>(() => CountryTable.FromCsv(csv)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_with_a_null_name_are_refused()
    {
        var names = new TextColumn();
        names.AppendNull();
        var ids = new IdColumn();
        ids.Append(1);
        Assert.Throws<FormatException>(() => CountryTable.FromRows(ids, names));
    }

    [Fact]
    public void Ids_that_are_texts_are_found_exactly_and_come_back()
    {
        CountryTable table = CountryTable.FromCsv("country_id,country\nDE,Germany\n\"a,\"\"b\",Both\n007,Bond\n"u8, IdType.Text);
        Assert.Equal([0, 1, 2, -1, -1, -1], new[] { "DE", "a,\"b", "007", "de", "7", "" }.Select(code => table.IndexOf(Encoding.UTF8.GetBytes(code))));
        Assert.Equal(table.ToCsv(), CountryTable.FromCsv(table.ToCsv(), IdType.Text).ToCsv());
        Assert.Contains("DE occurs there twice", Assert.Throws<FormatException>(() => CountryTable.FromCsv("country_id,country\nDE,a\nDE,b\n"u8, IdType.Text)).Message, StringComparison.Ordinal);
        Assert.Contains("line 2", Assert.Throws<FormatException>(() => CountryTable.FromCsv("country_id,country\n,a\n"u8, IdType.Text)).Message, StringComparison.Ordinal);
    }

    private static CountryTable Read(string csv) => CountryTable.FromCsv(Encoding.UTF8.GetBytes(csv));

    private static string Name(CountryTable table, int id) => Encoding.UTF8.GetString(table.Name(table.IndexOf(id)));
}
