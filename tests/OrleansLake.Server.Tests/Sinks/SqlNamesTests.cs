using System.Text;
using OrleansLake.Sinks.PostgreSql;

namespace OrleansLake.Server.Tests.Sinks;

public class SqlNamesTests
{
    [Fact]
    public void A_long_name_is_cut_at_a_character_and_stays_distinct()
    {
        string name = string.Concat(Enumerable.Repeat("é", 40));
        string first = SqlNames.Fit(name, []);
        string second = SqlNames.Fit(name, [first]);
        Assert.Equal((62, name[..31]), (Encoding.UTF8.GetByteCount(first), first));
        Assert.Equal(name[..30] + "_2", second);
        Assert.Equal(name[..29] + "_long", SqlNames.Fit(name, [], "_long"));
        Assert.Equal(name[..28] + "_long_2", SqlNames.Fit(name, [SqlNames.Fit(name, [], "_long")], "_long"));
    }

    [Fact]
    public void What_a_name_cannot_be_becomes_one()
    {
        Assert.Equal(("_", "a\\u0000b"), (SqlNames.Fit("", []), SqlNames.Fit("a\0b", [])));
        Assert.Equal(("\"a\"\"b\"", "'a''b'"), (SqlNames.Quote("a\"b"), SqlNames.Literal("a'b")));
    }
}
