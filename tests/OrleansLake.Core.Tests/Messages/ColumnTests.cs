using System.Text;
using FsCheck;
using FsCheck.Xunit;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Tests.Messages;

public class ColumnTests
{
    [Property(MaxTest = 300)]
    public void Validity_holds_what_was_appended_and_not_dropped(DoNotSize<int> seed)
    {
        var random = new System.Random(seed.Item);
        var validity = new Validity();
        var model = new List<bool>();
        for (int step = random.Next(60); step > 0; step--)
        {
            switch (random.Next(5))
            {
                case 0:
                    validity.AppendNull();
                    model.Add(false);
                    break;
                case 1:
                    int rows = random.Next(150);
                    validity.AppendValid(rows);
                    model.AddRange(Enumerable.Repeat(true, rows));
                    break;
                case 2:
                    int count = random.Next(model.Count + 1);
                    validity.Truncate(count);
                    model.RemoveRange(count, model.Count - count);
                    break;
                default:
                    validity.AppendValid();
                    model.Add(true);
                    break;
            }

            Assert.Equal(model.Count, validity.Count);
            Assert.Equal(model.Count(v => !v), validity.NullCount);
            Assert.Equal(model, Enumerable.Range(0, model.Count).Select(row => !validity.IsNull(row)));
            for (int row = 0; row < model.Count && validity.NullCount > 0; row++)
            {
                Assert.Equal(model[row], (validity.Words[row >> 6] >> (row & 63) & 1) == 1);
            }
        }
    }

    [Property(MaxTest = 300)]
    public void Columns_of_text_ids_and_numbers_hold_what_was_appended_and_not_dropped(DoNotSize<int> seed)
    {
        var random = new System.Random(seed.Item);
        var text = new TextColumn();
        var names = new NameColumn();
        var ids = new MessageIdColumn();
        var numbers = new NumberColumn<long>();
        var model = new List<string?>();
        for (int step = random.Next(80); step > 0; step--)
        {
            if (random.Next(8) == 0)
            {
                int count = random.Next(model.Count + 1);
                text.Truncate(count);
                names.Truncate(count);
                ids.Truncate(count);
                numbers.Truncate(count);
                model.RemoveRange(count, model.Count - count);
            }

            string? value = random.Next(4) switch
            {
                0 => null,
                1 => Guid.NewGuid().ToString(),
                2 => "",
                _ => new string('ü', random.Next(40)) + random.Next(5),
            };
            model.Add(value);
            if (value is null)
            {
                text.AppendNull();
                names.AppendNull();
                ids.AppendNull();
                numbers.AppendNull();
            }
            else
            {
                byte[] utf8 = Encoding.UTF8.GetBytes(value);
                text.Append(utf8);
                names.Append(utf8);
                ids.Append(utf8);
                numbers.AppendRange([value.GetHashCode(StringComparison.Ordinal)]);
            }
        }

        for (int row = 0; row < model.Count; row++)
        {
            byte[] id = new byte[ids.TextLength(row)];
            ids.CopyText(row, id);
            Assert.Equal(model[row], text.IsNull(row) ? null : Encoding.UTF8.GetString(text[row]));
            Assert.Equal(model[row], names.IsNull(row) ? null : Encoding.UTF8.GetString(names[row]));
            Assert.Equal(model[row], ids.Kinds[row] == MessageIdKind.Null ? null : Encoding.UTF8.GetString(id));
            Assert.Equal(model[row]?.GetHashCode(StringComparison.Ordinal), numbers.IsNull(row) ? null : (int)numbers.Values[row]);
        }

        Assert.Equal(model.Count, text.Count);
        Assert.Equal(model.Count(v => v is null), text.NullCount);
        Assert.Equal(model.Count(v => v is not null && !Guid.TryParseExact(v, "D", out _)), ids.Texts.Count);
    }

    [Fact]
    public void Dropping_rows_of_a_batch_drops_half_written_ones_too()
    {
        var batch = new MessageBatch();
        batch.Timestamps.Append(1);
        batch.Values.AppendNull();
        batch.EventTypes.Append("SENT"u8);
        batch.MessageIds.Append("a"u8);
        batch.Channels.AppendNull();
        batch.CountryIds.Append(2000);
        batch.UserIds.Append(1000);
        batch.Timestamps.Append(2);
        batch.Values.Append("half"u8);
        batch.MessageIds.Append("b"u8);
        batch.Truncate(batch.Count);
        Assert.Equal((1, 1, 1, 1), (batch.Count, batch.Timestamps.Count, batch.Values.Count, batch.MessageIds.Count));
        batch.Truncate(0);
        Assert.Equal((0, 0, 0), (batch.Count, batch.EventTypes.Count, batch.MessageIds.Texts.Count));
    }

    [Fact]
    public void A_name_table_grows_and_numbers_names_in_the_order_in_which_they_came()
    {
        var table = new NameTable();
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 20_000; i++)
            {
                Assert.Equal(i, table.GetOrAdd(Encoding.UTF8.GetBytes($"name {i}")));
            }
        }

        Assert.Equal(20_000, table.Count);
        Assert.Equal("name 777", Encoding.UTF8.GetString(table[777]));
        Assert.Equal(777, table.Find("name 777"u8));
        Assert.Equal(-1, table.Find("name"u8));
        Assert.Equal(20_000, table.GetOrAdd([]));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("", true)]
    [InlineData("NONE", true)]
    [InlineData("None", false)]
    [InlineData(" NONE", false)]
    [InlineData("NONE ", false)]
    [InlineData("SENT", false)]
    [InlineData("null", false)]
    public void Null_empty_and_none_are_corrupted(string? eventType, bool corrupted) =>
        Assert.Equal(corrupted, Corruption.IsCorrupted(Encoding.UTF8.GetBytes(eventType ?? ""), eventType is null));
}
