using System.Buffers;
using System.Text;
using OrleansLake.Client;
using OrleansLake.Core.Reports;
using OrleansLake.Core.State;
using OrleansLake.TestSupport;

namespace OrleansLake.Contracts;

/// <summary>The contract of every <see cref="ILakeClient"/>, whatever is behind it.</summary>
public abstract class LakeClientContract : IAsyncLifetime
{
    /// <summary>Gets the reports that the lake keeps: one more than those of every lake.</summary>
    protected static ReportCatalog Reports { get; } = LakeReports.All.With(new ReportDefinition
    {
        Name = "countries",
        RowKeys = [MessageField.CountryId],
        ColumnKey = MessageField.EventType,
        TotalColumn = "messages",
        TotalPlace = TotalPlace.AfterKeys,
    });

    /// <summary>The number of dates that a body may have, where the host bounds them.</summary>
    protected const int DatesPerBodyMax = 40;

    /// <summary>The number of dates that a sender's bodies may have within an hour.</summary>
    protected const int DatesPerSenderMax = 60;

    /// <summary>The number of bytes that a body may have over HTTP.</summary>
    protected const int BodyBytesMax = 32 * 1024 * 1024;

    /// <summary>A client of an empty lake.</summary>
    protected abstract ILakeClient Lake { get; }

    /// <summary>Gets a value indicating whether it asks for the outcome of a key that is being sent until that is known.</summary>
    protected virtual bool AsksAgain => false;

    /// <summary>Gets a value indicating whether it bounds the dates of a sender's messages, as hosts that others reach do.</summary>
    protected virtual bool BoundsDates => true;

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();

    [Fact]
    public async Task What_was_waited_for_is_in_the_reports_and_the_counts_close()
    {
        SendResult sent = await SendAsync(Golden(), key: "golden");
        Assert.Equal((SendStatus.Stored, 12_000L, 0L), (sent.Status, sent.Accepted, sent.Quarantined));

        ReportSnapshot report1 = await Lake.GetReportAsync(new ReportQuery { Report = "report1", MinPosition = sent.Position });
        ReportSnapshot report2 = await Lake.GetReportAsync(new ReportQuery { Report = "report2", MinPosition = sent.Position });
        Assert.Equal(File.ReadAllText(Fixtures.Path("golden/utc/report1.ndjson")), Ndjson(report1.Table));
        Assert.Equal(File.ReadAllText(Fixtures.Path("golden/utc/report2.ndjson")), Ndjson(report2.Table));
        Assert.True(report1.Position.Covers(sent.Position!));

        LakeLedger ledger = await Lake.GetLedgerAsync();
        Assert.Equal(new LedgerCounts(12_000, 10_211, 1_789, 0, 6_741), ledger.Total);
        Assert.Equal(ledger.Total.Bronze, ledger.Dates.Sum(date => date.Figures.Bronze));
        Assert.Equal(ledger.Dates.OrderBy(date => date.Date is not null).ThenBy(date => date.Date), ledger.Dates);

        LakeStanding standing = await Lake.GetStatusAsync();
        Assert.Equal((12_000L, 12_000L, 6_741L), (standing.Accepted, standing.Applied, standing.Keys));
        Assert.Equal(12_000, standing.Position.Messages);
        Assert.NotNull(standing.NewestEvent);
    }

    [Fact]
    public async Task Filters_pages_and_the_first_rows_are_those_of_the_whole_report()
    {
        SendResult sent = await SendAsync(Golden());
        ReportTable users = (await Lake.GetReportAsync(new ReportQuery { Report = "report2", MinPosition = sent.Position })).Table;
        ReportSnapshot top = await Lake.GetReportAsync(new ReportQuery { Report = "report2", Filter = new ReportFilter { Top = 10 } });
        Assert.Equal(Ndjson(users.Select([.. Enumerable.Range(0, 10)])), Ndjson(top.Table));
        Assert.Equal(10, top.RowsInAll);

        ReportSnapshot page = await Lake.GetReportAsync(new ReportQuery { Report = "report2", Skip = 5, Take = 7 });
        Assert.Equal(Ndjson(users.Select([.. Enumerable.Range(5, 7)])), Ndjson(page.Table));
        Assert.Equal(users.RowCount, page.RowsInAll);

        ReportTable channels = (await Lake.GetReportAsync(new ReportQuery { Report = "report1" })).Table;
        ReportTable sms = (await Lake.GetReportAsync(new ReportQuery { Report = "report1", Filter = new ReportFilter { Channels = ["SMS"] } })).Table;
        Assert.Equal(channels.ColumnNames, sms.ColumnNames);
        Assert.NotEqual(0, sms.RowCount);
        Assert.True(sms.RowCount < channels.RowCount);
    }

    [Fact]
    public async Task A_message_tells_which_of_its_copies_counts_and_an_earlier_one_takes_its_place()
    {
        await SendAsync(Line("123", "2024-12-16T10:10:01Z") + Line("123", "2024-12-15T07:56:45Z") + Line("123", "2024-12-16T08:13:33Z") + Line("123", "2024-12-16T08:00:00Z", eventType: "NONE"));
        MessageLife life = await Lake.GetMessageAsync("123");
        Assert.Equal(
            [MessageOutcome.Suppressed, MessageOutcome.Counted, MessageOutcome.Suppressed, MessageOutcome.Corrupted], life.Copies.Select(copy => copy.Outcome));
        Assert.Equal(life.Copies[1].Offset, life.Copies[0].CountedOffset);
        Assert.Equal(new DateOnly(2024, 12, 15), life.Copies[1].Date);
        Assert.Contains("07:56:45", life.Copies[0].Reason, StringComparison.Ordinal);

        ReportTable report = (await Lake.GetReportAsync(new ReportQuery { Report = "report1" })).Table;
        Assert.Equal((1, 1L), (report.RowCount, report.GrandTotal));
    }

    [Fact]
    public async Task The_same_key_is_stored_once_and_another_body_under_it_is_refused()
    {
        SendResult first = await SendAsync(Line("a"), key: "key");
        SendResult again = await SendAsync(Line("a"), key: "key");
        SendResult other = await SendAsync(Line("b"), key: "key");
        Assert.Equal((SendStatus.Stored, 1L, 0L), (first.Status, first.Accepted, first.Duplicates));
        Assert.Equal((SendStatus.Stored, 0L, 1L), (again.Status, again.Accepted, again.Duplicates));
        Assert.Equal(SendStatus.KeyConflict, other.Status);
        Assert.Equal(1, (await Lake.GetLedgerAsync()).Total.Bronze);
    }

    [Fact]
    public async Task What_is_no_message_is_told_and_kept_and_strict_takes_all_or_nothing()
    {
        string lines = Line("a") + "{\"message_id\":\"no time\"}\n" + Line("b") + "nonsense\n";
        SendResult strict = await Lake.SendAsync(Bytes(lines), new SendOptions { Strict = true });
        Assert.Equal((SendStatus.Refused, 0L), (strict.Status, strict.Accepted));
        Assert.Equal([2L, 4L], strict.Errors.Select(error => error.Line));

        SendResult sent = await SendAsync(lines, source: "contract");
        Assert.Equal((SendStatus.Stored, 2L, 2L), (sent.Status, sent.Accepted, sent.Quarantined));
        Assert.Equal(strict.Errors, sent.Errors);

        QuarantinePage page = await Lake.GetQuarantineAsync(new QuarantineQuery());
        Assert.Equal(2, page.Total);
        Assert.Equal(["{\"message_id\":\"no time\"}", "nonsense"], page.Records.Select(record => Encoding.UTF8.GetString(record.Raw)).OrderDescending(StringComparer.Ordinal));
        QuarantinePage some = await Lake.GetQuarantineAsync(new QuarantineQuery { Code = sent.Errors[0].Code, Take = 1 });
        Assert.Equal((1L, 1), (some.Total, some.Records.Count));
        Assert.Equal(page.ByCode.OrderBy(code => code.Key), some.ByCode.OrderBy(code => code.Key));
        Assert.Equal(0, (await Lake.GetQuarantineAsync(new QuarantineQuery { Source = "nobody" })).Total);
    }

    [Fact]
    public async Task Fields_that_no_column_takes_are_counted_and_over_HTTP_by_the_server()
    {
        string line = Line("a").Trim();
        SendResult sent = await SendAsync($"{line[..^1]},\"plan\":\"gold\",\"campaign\":{{\"id\":5}}}}\n{line[..^1]},\"plan\":null}}\n");
        Assert.Equal(2, sent.Accepted);
        Assert.Equal(Lake is HttpLakeClient ? null : ["campaign.id 1", "plan 1"], sent.LeftOut?.Select(static one => $"{one.Key} {one.Value}").Order(StringComparer.Ordinal));
        Assert.Null((await SendAsync(line)).LeftOut);
    }

    [Fact]
    public async Task An_array_is_as_good_as_lines()
    {
        SendResult sent = await SendAsync($"[{Line("a").Trim()},{Line("b").Trim()}]");
        Assert.Equal((SendStatus.Stored, 2L), (sent.Status, sent.Accepted));
    }

    [Fact]
    public async Task A_watcher_s_snapshot_and_deltas_make_the_report()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await SendAsync(Line("first"));
        var query = new LiveQuery { Reports = [new LiveReportQuery("report1", ReportFilter.None), new LiveReportQuery("report2", new ReportFilter { Top = 3 })], WithStatus = true };
        await using IAsyncEnumerator<LiveUpdate> updates = Lake.WatchAsync(query, timeout.Token).GetAsyncEnumerator(timeout.Token);
        var folds = new Dictionary<string, ReportFold>();
        SendResult sent = new() { Status = SendStatus.TryAgain };
        LakePosition? wanted = null;
        LedgerCounts counts = default;
        while (wanted is null || !updates.Current.Position.Covers(wanted) || !updates.Current.IsComplete)
        {
            Assert.True(await updates.MoveNextAsync());
            switch (updates.Current)
            {
                case LiveSnapshot { Snapshot: var snapshot }:
                    folds[snapshot.Report] = new ReportFold(snapshot.Table);
                    break;
                case LiveDelta delta:
                    folds[delta.Report].Apply(delta.Rows, delta.Removed);
                    break;
                case LiveStatus status:
                    counts = status.Ledger;
                    break;
            }

            // From one date to another: at no position it is on both or on none.
            if (updates.Current.IsComplete)
            {
                Assert.Equal(folds["report1"].ToTable().GrandTotal, counts.Deduplicated);
            }

            if (wanted is null && updates.Current.IsComplete)
            {
                sent = await SendAsync(string.Concat(Enumerable.Range(0, 20).Select(i => Line($"m{i}", "2024-12-20T00:00:00Z", user: i) + Line($"m{i}", "2024-12-10T00:00:00Z", user: i))));
                wanted = sent.Position;
            }
        }

        Assert.Equal(Ndjson((await Lake.GetReportAsync(new ReportQuery { Report = "report1" })).Table), Ndjson(folds["report1"].ToTable()));
        Assert.Equal(
            Ndjson((await Lake.GetReportAsync(new ReportQuery { Report = "report2", Filter = new ReportFilter { Top = 3 } })).Table), Ndjson(folds["report2"].ToTable()));
    }

    [Fact]
    public async Task A_report_that_somebody_has_added_is_read_and_watched_by_its_name()
    {
        Assert.Equal(["report1", "report2", "countries"], Lake.Reports.Select(report => report.Name));
        await SendAsync(Of("a", "SENT", 7) + Of("b", "SENT", 7) + Of("b", "OPENED", 7) + Of("c", "SENT", null) + Of("c", "SENT", 9));
        ReportTable before = (await Lake.GetReportAsync(new ReportQuery { Report = "countries" })).Table;
        Assert.Equal("countries", before.Definition.Name);
        Assert.Equal(
            "{\"country_id\":null,\"messages\":1,\"OPENED\":null,\"SENT\":1}\n{\"country_id\":7,\"messages\":3,\"OPENED\":1,\"SENT\":2}\n",
            Ndjson(before));

        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var query = new LiveQuery { Reports = [new LiveReportQuery("countries", ReportFilter.None)] };
        ReportFold? fold = null;
        LakePosition? wanted = null;
        await foreach (LiveUpdate update in Lake.WatchAsync(query, timeout.Token))
        {
            fold = update is LiveSnapshot { Snapshot: var snapshot } ? new ReportFold(snapshot.Table) : fold;
            if (update is LiveDelta delta)
            {
                fold!.Apply(delta.Rows, delta.Removed);
            }

            wanted ??= (await SendAsync(Of("d", "OPENED", 8))).Position;
            if (update.IsComplete && update.Position.Covers(wanted!))
            {
                break;
            }
        }

        Assert.Equal(Ndjson((await Lake.GetReportAsync(new ReportQuery { Report = "countries" })).Table), Ndjson(fold!.ToTable()));
        Assert.Equal((3, 5L), (fold.ToTable().RowCount, fold.ToTable().GrandTotal));

        static string Of(string id, string eventType, int? country) =>
            System.Text.Json.JsonSerializer.Serialize(new { timestamp = "2024-12-16T10:00:00Z", message_id = id, event_type = eventType, channel = "CHAT", country_id = country }) + "\n";
    }

    [Fact]
    public async Task Wrong_questions_are_told_apart()
    {
        SendResult sent = await SendAsync(Line("a"));
        Assert.Equal(LakeClientErrorKind.NotFound, await KindAsync(new ReportQuery { Report = "report3" }));
        Assert.Equal(LakeClientErrorKind.BadRequest, await KindAsync(new ReportQuery { Report = "report2", Filter = new ReportFilter { Channels = ["SMS"] } }));
        Assert.Equal(LakeClientErrorKind.BadRequest, await KindAsync(new ReportQuery { Report = "report1", Filter = new ReportFilter { From = new(2024, 12, 17), To = new(2024, 12, 16) } }));
        LakePosition other = new(sent.Position!.Generation + 1, sent.Position.Offsets);
        Assert.Equal(LakeClientErrorKind.PositionGone, await KindAsync(new ReportQuery { Report = "report1", MinPosition = other }));

        async Task<LakeClientErrorKind> KindAsync(ReportQuery query) =>
            (await Assert.ThrowsAsync<LakeClientException>(async () => await Lake.GetReportAsync(query))).Kind;
    }

    [Fact]
    public async Task Any_id_is_found_and_any_channel_can_be_filtered_by()
    {
        string[] ids = ["x/y", "x%2Fy", "..", ".", "a b+c", "a?b#c", "ä→", "a\nb", "a\\b", "/", "x.json"];
        string[] channels = ["A,B", "A", "B", "A\\", "A\\,B", "A%2CB", ""];
        await SendAsync(string.Concat(ids.Select(id => Of(id, "CHAT")).Concat(channels.Select((channel, i) => Of($"c{i}", channel)))));
        foreach (string id in ids)
        {
            MessageLife life = await Lake.GetMessageAsync(id);
            Assert.Equal(id, life.MessageId);
            Assert.Single(life.Copies);
        }

        foreach (string[] wanted in (string[][])[.. channels.Select(channel => new[] { channel }), ["A,B", "A\\"], channels])
        {
            ReportTable table = (await Lake.GetReportAsync(new ReportQuery { Report = "report1", Filter = new ReportFilter { Channels = wanted } })).Table;
            Assert.Equal(wanted.Length, table.RowCount);
        }

        static string Of(string id, string channel) =>
            System.Text.Json.JsonSerializer.Serialize(new { timestamp = "2024-12-16T10:00:00Z", message_id = id, event_type = "SENT", channel }) + "\n";
    }

    [Fact]
    public async Task A_string_that_is_not_text_is_refused_and_nothing_else_is_asked_for()
    {
        await SendAsync(Line("\ufffd"));
        foreach (string half in (string[])["\ud800", "a\udfff", "\udc00\ud800", "\ud800b"])
        {
            await CheckRefusedAsync(half);
        }
    }

    [Theory]
    [InlineData(null, 100)]
    [InlineData(0, 0)]
    [InlineData(7, 7)]
    [InlineData(100_000, 250)]
    public async Task As_many_errors_are_listed_as_are_asked_for(int? max, int listed)
    {
        string body = string.Concat(Enumerable.Range(0, 250).Select(i => Line($"m{i}") + "no message\n"));
        SendOptions options = max is { } asked ? new SendOptions { ErrorsMax = asked, IdempotencyKey = "errors" } : new SendOptions { IdempotencyKey = "errors" };
        for (int i = 0; i < 2; i++)
        {
            SendResult sent = await Lake.SendAsync(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(body)), options);
            Assert.Equal((250, 250, listed), (sent.Accepted + sent.Duplicates, sent.Quarantined, sent.Errors.Count));
            Assert.Equal(Enumerable.Range(1, listed).Select(n => 2L * n), sent.Errors.Select(error => error.Line));
        }

        SendResult strict = await Lake.SendAsync(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(body)), options with { Strict = true, IdempotencyKey = null });
        Assert.Equal((SendStatus.Refused, listed), (strict.Status, strict.Errors.Count));
    }

    [Fact]
    public async Task A_mapping_that_the_lake_does_not_have_is_told_and_nothing_is_stored()
    {
        SendResult unknown = await Lake.SendAsync(Bytes(Line("a")), new SendOptions { Mapping = "nope" });
        Assert.Equal((SendStatus.UnknownMapping, 0L), (unknown.Status, unknown.Accepted));
        Assert.Contains("there is no mapping 'nope' (the lake has none)", unknown.Detail, StringComparison.Ordinal);
        SendResult sent = await Lake.SendAsync(Bytes(Line("a")), new SendOptions { Mapping = "none", WaitForReports = true });
        Assert.Equal((SendStatus.Stored, 1L), (sent.Status, sent.Accepted));
        Assert.Single((await Lake.GetMessageAsync("a")).Copies);
    }

    [Fact]
    public async Task What_is_sent_goes_through_a_mapping_that_was_given()
    {
        const string Mapping = """{"fields":{"timestamp":{"from":"at","format":"epoch-ms"},"message_id":"payload.id","channel":{"constant":"SMS"}}}""";
        const string Body = """{"at":1734343260000,"payload":{"id":"mapped"}}""";
        LakeClientException wrong = await Assert.ThrowsAsync<LakeClientException>(() => Lake.SetMappingAsync("one", """{"fields":{"channel":{},"x":"y"}}"""));
        Assert.Equal(LakeClientErrorKind.BadRequest, wrong.Kind);
        Assert.Contains("It is not a mapping: fields.channel has none of from, join and constant: give one of them; fields.x: a message has no such field", wrong.Message, StringComparison.Ordinal);
        Assert.Equal(LakeClientErrorKind.BadRequest, (await Assert.ThrowsAsync<LakeClientException>(() => Lake.SetMappingAsync("One", Mapping))).Kind);
        await Lake.SetMappingAsync("one", Mapping);
        Assert.Equal([("one", Mapping)], (await Lake.GetMappingsAsync()).Select(static one => (one.Key, one.Value)));
        Assert.Equal(1, (await Lake.SendAsync(Bytes(Body), new SendOptions())).Quarantined);
        SendResult sent = await Lake.SendAsync(Bytes(Body), new SendOptions { Mapping = "one", WaitForReports = true });
        Assert.Equal((SendStatus.Stored, 1L), (sent.Status, sent.Accepted));
        Assert.Equal("SMS", Assert.Single((await Lake.GetMessageAsync("mapped")).Copies).Channel);
        await Lake.SetMappingAsync("default", Mapping);
        Assert.Equal(1, (await Lake.SendAsync(Bytes(Body), new SendOptions { IdempotencyKey = "k" })).Accepted);
        Assert.True(await Lake.RemoveMappingAsync("default"));
        Assert.False(await Lake.RemoveMappingAsync("default"));
        Assert.Equal(1, (await Lake.SendAsync(Bytes(Body), new SendOptions())).Quarantined);
    }

    [Fact]
    public async Task Json_texts_are_messages_on_however_many_lines()
    {
        string text = Line("a").Replace(",", ",\n  ", StringComparison.Ordinal) + Line("b").Trim() + Line("c");
        SendResult sent = await Lake.SendAsync(Bytes(text), new SendOptions { IsJsonText = true, WaitForReports = true });
        Assert.Equal((SendStatus.Stored, 3L, 0L), (sent.Status, sent.Accepted, sent.Quarantined));
        Assert.Single((await Lake.GetMessageAsync("a")).Copies);
    }

    [Fact]
    public async Task A_body_of_many_frames_is_stored_whole_and_once_and_one_that_begins_like_it_is_another()
    {
        // Few ids: who decides by a grain for each has nothing to do with frames.
        const int Lines = 153_000;
        byte[] body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, Lines).Select(i => i % 50_000 == 49_999 ? "no message\n" : Line($"m{i % 500}", user: i % 9))));
        Assert.InRange(body.Length, 20 * 1024 * 1024, BodyBytesMax);
        var options = new SendOptions { IdempotencyKey = "large", WaitForReports = true };
        SendResult sent = await Lake.SendAsync(new ReadOnlySequence<byte>(body), options);
        Assert.Equal((SendStatus.Stored, Lines - 3L, 0L, 3L), (sent.Status, sent.Accepted, sent.Duplicates, sent.Quarantined));
        Assert.Equal([50_000L, 100_000L, 150_000L], sent.Errors.Select(error => error.Line));

        SendResult again = await Lake.SendAsync(new ReadOnlySequence<byte>(body), options);
        Assert.Equal((SendStatus.Stored, 0L, Lines - 3L, 3L), (again.Status, again.Accepted, again.Duplicates, again.Quarantined));
        Assert.Equal(sent.Position, again.Position);

        body[^3] = (byte)' ';
        Assert.Equal(SendStatus.KeyConflict, (await Lake.SendAsync(new ReadOnlySequence<byte>(body), options)).Status);
        Assert.Equal(SendStatus.KeyConflict, (await Lake.SendAsync(new ReadOnlySequence<byte>(body.AsMemory(0, 100_000)), options)).Status);
        Assert.Equal(Lines - 3L, (await Lake.GetLedgerAsync()).Total.Bronze);
    }

    [Fact]
    public async Task A_key_that_is_being_sent_is_in_flight_and_its_body_is_stored_once()
    {
        ReadOnlySequence<byte> body = Bytes(string.Concat(Enumerable.Range(0, 20_000).Select(i => Line($"m{i}"))));
        SendResult[] both;
        int tries = 0;
        do
        {
            // The first may have ended before the second comes.
            Assert.InRange(tries, 0, 20);
            var options = new SendOptions { IdempotencyKey = $"try {++tries}" };
            both = await Task.WhenAll(Lake.SendAsync(body, options), Lake.SendAsync(body, options));
            Assert.Equal(20_000, both.Sum(one => one.Accepted));
            Assert.Equal(SendStatus.Stored, (await Lake.SendAsync(body, options with { WaitForReports = true })).Status);
            Assert.Equal(20_000L * tries, (await Lake.GetLedgerAsync()).Total.Bronze);
        }
        while (!AsksAgain && !Array.Exists(both, one => one.Status == SendStatus.InFlight));
        if (!AsksAgain)
        {
            SendResult refused = Array.Find(both, one => one.Status == SendStatus.InFlight)!;
            Assert.Equal($"try {tries} is being sent now; try again to learn its outcome", refused.Detail);
            Assert.Equal(TimeSpan.FromSeconds(1), refused.RetryAfter);
        }
    }

    [Fact]
    public async Task Dates_are_bounded_for_a_body_and_for_a_sender()
    {
        if (!BoundsDates)
        {
            return;
        }

        SendResult tooMany = await SendDatesAsync(0, DatesPerBodyMax + 1);
        Assert.Equal((SendStatus.TooManyDates, (TimeSpan?)null), (tooMany.Status, tooMany.RetryAfter));
        Assert.Equal($"The messages have {DatesPerBodyMax + 1} dates; one body may have {DatesPerBodyMax}. Send them by date, in several bodies.", tooMany.Detail);
        Assert.Empty(tooMany.Errors);

        Assert.Equal(SendStatus.Stored, (await SendDatesAsync(0, DatesPerBodyMax)).Status);
        Assert.Equal(SendStatus.Stored, (await SendDatesAsync(DatesPerBodyMax, DatesPerSenderMax - DatesPerBodyMax)).Status);
        SendResult later = await SendDatesAsync(DatesPerSenderMax, 1);
        Assert.Equal(SendStatus.TooManyDates, later.Status);
        Assert.InRange(later.RetryAfter!.Value, TimeSpan.FromMinutes(30), TimeSpan.FromHours(1));
        Assert.StartsWith($"One sender may have messages of {DatesPerSenderMax} dates within an hour, and these would be more.", later.Detail, StringComparison.Ordinal);
        Assert.Equal(SendStatus.Stored, (await SendDatesAsync(1, DatesPerBodyMax)).Status);
        Assert.Equal(DatesPerSenderMax + DatesPerBodyMax, (await Lake.GetLedgerAsync()).Total.Bronze);

        Task<SendResult> SendDatesAsync(int first, int count) => Lake.SendAsync(
            Bytes(string.Concat(Enumerable.Range(first, count).Select(day => Line($"m{day}", new DateTime(2024, 1, 1).AddDays(day).ToString("yyyy-MM-dd'T'10:00:00'Z'", System.Globalization.CultureInfo.InvariantCulture))))),
            new SendOptions { Sender = "sender", WaitForReports = true });
    }

    [Fact]
    public async Task A_body_without_messages_is_a_body_and_a_repetition_is_one_however_strict()
    {
        SendResult nothing = await SendAsync("[]", key: "nothing");
        Assert.Equal((SendStatus.Stored, 0L, 0L, 0L), (nothing.Status, nothing.Accepted, nothing.Duplicates, nothing.Quarantined));
        Assert.NotNull(nothing.Position);
        Assert.Equal(SendStatus.KeyConflict, (await SendAsync(Line("a"), key: "nothing")).Status);
        Assert.NotNull((await SendAsync("[]")).Position);

        var strict = new SendOptions { IdempotencyKey = "some", Strict = true };
        Assert.Equal("1 record is not a message; nothing was stored", (await Lake.SendAsync(Bytes(Line("a") + "oops\n"), strict)).Detail);
        Assert.Equal(1, (await SendAsync(Line("a") + "oops\n", key: "some")).Accepted);
        SendResult again = await Lake.SendAsync(Bytes(Line("a") + "oops\n"), strict);
        Assert.Equal((SendStatus.Stored, 0L, 1L, 1L), (again.Status, again.Accepted, again.Duplicates, again.Quarantined));
        SendResult other = await SendAsync(Line("b"), key: "some");
        Assert.StartsWith("another body was sent under 'some", other.Detail, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_key_that_cannot_be_one_is_told_in_the_same_words()
    {
        foreach ((string key, string fault) in new[] { ("", "it is empty"), (new string('x', 256), "it has 256 bytes of UTF-8, but at most 255 are allowed"), ("\ud800", "it holds half a surrogate pair, which is not text") })
        {
            LakeClientException told = await Assert.ThrowsAsync<LakeClientException>(() => SendAsync(Line("a"), key));
            Assert.Equal((LakeClientErrorKind.BadRequest, $"The idempotency key cannot be used: {fault}."), (told.Kind, told.Message));
        }
    }

    private async Task CheckRefusedAsync(string half)
    {
        LakeClientException[] told =
        [
            await Assert.ThrowsAsync<LakeClientException>(() => Lake.GetMessageAsync(half)),
            await Assert.ThrowsAsync<LakeClientException>(async () => await Lake.GetReportAsync(new ReportQuery { Report = "report1", Filter = new ReportFilter { Channels = ["CHAT", half] } })),
            await Assert.ThrowsAsync<LakeClientException>(async () =>
            {
                await foreach (LiveUpdate update in Lake.WatchAsync(new LiveQuery { Reports = [new LiveReportQuery("report1", new ReportFilter { Channels = [half] })] }))
                {
                    Assert.Fail($"{update}");
                }
            }),
        ];
        Assert.All(told, one => Assert.Equal(LakeClientErrorKind.BadRequest, one.Kind));
        Assert.All(told, one => Assert.EndsWith("holds half a surrogate pair, which is not text.", one.Message, StringComparison.Ordinal));
    }

    private Task<SendResult> SendAsync(string lines, string? key = null, string? source = null) =>
        Lake.SendAsync(Bytes(lines), new SendOptions { IdempotencyKey = key, Source = source, WaitForReports = true });

    private static ReadOnlySequence<byte> Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private static string Golden()
    {
        using var file = new System.IO.Compression.GZipStream(File.OpenRead(Fixtures.Path("golden/events.ndjson.gz")), System.IO.Compression.CompressionMode.Decompress);
        using var text = new StreamReader(file);
        return text.ReadToEnd();
    }

    private static string Line(string id, string timestamp = "2024-12-16T10:00:00Z", string eventType = "CREATED", int user = 1) =>
        $"{{\"timestamp\":\"{timestamp}\",\"value\":\"v\",\"event_type\":\"{eventType}\",\"message_id\":\"{id}\",\"channel\":\"CHAT\",\"country_id\":2001,\"user_id\":{user}}}\n";

    private static string Ndjson(ReportTable table)
    {
        var text = new ArrayBufferWriter<byte>();
        table.WriteNdjson(text);
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
