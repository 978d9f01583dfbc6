using System.Diagnostics;
using System.Globalization;
using System.Text;
using OrleansLake.Dashboard.Tests.Browsers;
using OrleansLake.Dashboard.Tests.Serving;
using OrleansLake.TestSupport;

namespace OrleansLake.Dashboard.Tests.Pages;

/// <summary>
/// The README's pictures, of a lake that messages stream into: <c>ORLEANSLAKE_PICTURES=docs/images</c> takes them again
/// (two minutes, so that the chart is full). Without it they are taken of a few seconds, and thrown away.
/// </summary>
[Collection(BrowserTests.Name)]
public sealed class PictureTests(BrowserFixture fixture)
{
    private const int HeaderBytes = 24;
    private static readonly (string Text, int Weight)[] Channels = [("EMAIL", 37), ("PUSH", 25), ("CHAT", 19), ("SMS", 12), ("OTHER", 7)];
    private static readonly (string Text, int Weight)[] EventTypes = [("CREATED", 29), ("SENT", 28), ("RECEIVED", 24), ("OPEN", 14), ("CLICKED", 5)];
    private static readonly (string Name, PageOptions Options)[] Pictures =
    [
        ("dashboard-light", new PageOptions { Width = 1280, Height = 1018, Scale = 2 }),
        ("dashboard-dark", new PageOptions { Width = 1280, Height = 1018, Scale = 2, IsDark = true }),
        ("phone-light", PageOptions.Phone),
        ("phone-dark", PageOptions.Phone with { IsDark = true }),
    ];

    [BrowserFact]
    public async Task The_dashboard_is_pictured_at_a_desk_and_on_a_phone_in_light_and_dark()
    {
        using var scratch = new ScratchFolder();
        string? kept = Environment.GetEnvironmentVariable("ORLEANSLAKE_PICTURES");
        string folder = kept is null ? scratch["pictures"] : Path.Combine(Fixtures.Root, kept);
        Directory.CreateDirectory(folder);
        await using ServedLake lake = await ServedLake.StartAsync();
        var pages = new List<BrowserPage>();
        foreach ((_, PageOptions options) in Pictures)
        {
            pages.Add(await fixture.Browser.OpenAsync(lake.Dashboard, options));
        }

        // It continues while they are taken.
        bool isOver = false;
        var isFull = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task streaming = StreamAsync(lake, TimeSpan.FromSeconds(kept is null ? 3 : 125), isFull, () => Volatile.Read(ref isOver));
        await await Task.WhenAny(isFull.Task, streaming);
        for (int i = 0; i < pages.Count; i++)
        {
            string path = Path.Combine(folder, Pictures[i].Name + ".png");
            await pages[i].WaitAsync("document.body.dataset.phase === 'live' && document.querySelectorAll('[data-alarm]').length === 2 && document.querySelectorAll('#pivot tbody tr').length === 5");
            Assert.Equal("", await pages[i].TextAsync("[...document.querySelectorAll('.report-scroll')].filter(table => table.scrollWidth > table.clientWidth).map(table => table.ariaLabel).join()"));
            await pages[i].ScreenshotAsync(path, full: true);
            Assert.Empty(await pages[i].ErrorsAsync());
            await pages[i].DisposeAsync();

            // PNG, section 11.2.1: the width comes after the signature, the length and the name of the first chunk.
            byte[] header = new byte[HeaderBytes];
            await using FileStream picture = File.OpenRead(path);
            await picture.ReadExactlyAsync(header);
            Assert.Equal(Pictures[i].Options.Width * Pictures[i].Options.Scale, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(16)));
        }

        Volatile.Write(ref isOver, true);
        await streaming;
    }

    // A rate that swells and falls, a few in a hundred repeated, corrupted or late, three that are not messages.
    private static async Task StreamAsync(ServedLake lake, TimeSpan time, TaskCompletionSource isFull, Func<bool> isOver)
    {
        var random = new Random(20241216);
        var past = new List<string>();
        using var broken = new StringContent("{\"message_id\":\"1\"}\nno message\n[]\n", null, "application/x-ndjson");
        (await lake.Http.PostAsync(new Uri("v1/messages", UriKind.Relative), broken)).EnsureSuccessStatusCode();
        await SendAsync(20_000, TimeSpan.FromDays(2));
        long started = Stopwatch.GetTimestamp();
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!isOver())
        {
            TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
            if (elapsed >= time)
            {
                isFull.TrySetResult();
            }

            await SendAsync((int)(90 + (35 * Math.Sin(elapsed.TotalSeconds / 9)) + (20 * Math.Sin(elapsed.TotalSeconds / 2.3)) + random.Next(12)), TimeSpan.Zero);
            await beat.WaitForNextTickAsync();
        }

        async Task SendAsync(int count, TimeSpan back)
        {
            DateTimeOffset now = DateTimeOffset.UtcNow;
            var body = new StringBuilder();
            for (int i = 0; i < count; i++)
            {
                if (past.Count > 100 && random.Next(100) < 8)
                {
                    body.Append(past[random.Next(past.Count)]).Append('\n');
                    continue;
                }

                string type = random.Next(1000) < 12 ? "NONE" : Pick(EventTypes, random);
                int user = 1000 + (int)(400 * Math.Pow(random.NextDouble(), 3));
                past.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{{\"timestamp\":\"{now - (back * random.NextDouble()):yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'}\",\"event_type\":\"{type}\",\"message_id\":\"{Guid.NewGuid()}\",\"channel\":\"{Pick(Channels, random)}\",\"country_id\":{2000 + random.Next(16)},\"user_id\":{user}}}"));
                body.Append(past[^1]).Append('\n');
            }

            using var content = new StringContent(body.ToString(), null, "application/x-ndjson");
            (await lake.Http.PostAsync(new Uri("v1/messages", UriKind.Relative), content)).EnsureSuccessStatusCode();
        }
    }

    private static string Pick((string Text, int Weight)[] from, Random random)
    {
        int left = random.Next(from.Sum(one => one.Weight));
        int i = 0;
        while ((left -= from[i].Weight) >= 0)
        {
            i++;
        }

        return from[i].Text;
    }
}
