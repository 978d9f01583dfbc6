using OrleansLake.Core.Messages;
using OrleansLake.Core.Parsing;
using OrleansLake.Core.Reports;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Tests.Messages;

/// <summary>The lists of columns that are written by hand, beside the one.</summary>
public class MessageSchemaTests
{
    [Fact]
    public void Parsers_know_its_columns_in_its_order() => Assert.Equal(
        MessageSchema.Columns.Select(column => column.Name), Enumerable.Range(0, InputFields.Count).Select(field => InputFields.Name((InputField)field)));

    [Fact]
    public void Each_column_has_a_flag_and_all_have_all()
    {
        Assert.Equal(KnownColumns.All, MessageSchema.Columns.Aggregate(KnownColumns.None, (flags, column) => flags | column.Flag));
        Assert.Equal(MessageSchema.Columns.Select((_, i) => (KnownColumns)(1 << i)), MessageSchema.Columns.Select(column => column.Flag));
    }

    [Fact]
    public void Reports_are_by_its_columns_and_the_date()
    {
        Assert.All(
            Enum.GetValues<MessageField>().Where(field => field != MessageField.Date),
            field => Assert.True(MessageSchema.Contains(ReportDefinition.ColumnName(field))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_line_with_each_of_its_columns_lacks_none(bool shortcuts)
    {
        string line = "{" + string.Join(',', MessageSchema.Columns.Select(column => $"\"{column.Name}\":" + column.Type switch
        {
            MessageColumnType.Timestamp => "\"2024-12-16T10:00:00Z\"",
            MessageColumnType.Number => "7",
            _ => "\"a\"",
        })) + "}\n";
        var batch = new MessageBatch();
        new NdjsonParser(LakeTimeZone.Utc) { TakesShortcuts = shortcuts }.Parse(System.Text.Encoding.UTF8.GetBytes(line), 1, 0, batch, []);
        Assert.Equal(1, batch.Count);
        Assert.All(
            new[]
            {
                batch.Timestamps.IsNull(0), batch.Values.IsNull(0), batch.EventTypes.IsNull(0), batch.Channels.IsNull(0),
                batch.CountryIds.IsNull(0), batch.UserIds.IsNull(0),
            },
            Assert.False);
    }
}
