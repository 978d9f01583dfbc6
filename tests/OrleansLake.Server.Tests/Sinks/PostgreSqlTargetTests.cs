using OrleansLake.Sinks.PostgreSql;

namespace OrleansLake.Server.Tests.Sinks;

public class PostgreSqlTargetTests
{
    [Fact]
    public void An_address_names_a_database_and_may_name_more()
    {
        Assert.True(PostgreSqlTarget.TryParse("postgresql://lake@db.example:5433/reports?schema=live&reports=report1,report2&sslmode=require", out PostgreSqlTarget? target, out _));
        Assert.Equal(("db.example", 5433, "reports", "live"), (target.Host, target.Port, target.Database, target.Schema));
        Assert.Equal(["report1", "report2"], target.Reports);
        Assert.Contains("Username=lake", target.ConnectionString, StringComparison.Ordinal);
        Assert.Contains("SSL Mode=Require", target.ConnectionString, StringComparison.Ordinal);
        Assert.Equal("the schema 'live' of the database 'reports' at db.example:5433", target.ToString());
    }

    [Fact]
    public void What_is_left_out_has_defaults()
    {
        Assert.True(PostgreSqlTarget.TryParse("postgres://db/reports", out PostgreSqlTarget? target, out _));
        Assert.Equal((5432, "orleanslake", 0), (target.Port, target.Schema, target.Reports.Count));
    }

    [Theory]
    [InlineData("mysql://db/reports", "expected an address such as postgresql://")]
    [InlineData("postgresql://db", "names a host and a database")]
    [InlineData("postgresql://db/", "names a host and a database")]
    [InlineData("postgresql://db/a/b", "names a host and a database")]
    [InlineData("postgresql://lake:hidden@db/reports", "a password is seen by others on a command line: put it into the environment as PGPASSWORD")]
    [InlineData("postgresql://db/reports?password=hidden", "password= is a secret")]
    [InlineData("postgresql://db/reports?schema=", "schema= is empty")]
    [InlineData("postgresql://db/reports?schema=pg_live", "schema=pg_live is not a schema's name")]
    [InlineData("postgresql://db/reports?schema=a&schema=b", "schema= occurs twice")]
    [InlineData("postgresql://db/reports?tables=x", "there is no parameter 'tables'; there are schema, reports")]
    [InlineData("postgresql://db/reports?sslmode=perhaps", "sslmode=perhaps cannot be used")]
    public void What_is_wrong_is_said_without_a_password(string text, string expected)
    {
        Assert.False(PostgreSqlTarget.TryParse(text, out _, out string? error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_place_has_one_writer()
    {
        var services = new Microsoft.Extensions.DependencyInjection.ServiceCollection();
        services.AddPostgreSqlSink("postgresql://db/reports");
        services.AddPostgreSqlSink("postgresql://db/reports?schema=other");
        Assert.Contains("is named twice", Assert.Throws<ServeSettingsException>(() => services.AddPostgreSqlSink("postgresql://lake@db/reports?reports=report1")).Message, StringComparison.Ordinal);
    }
}
