using System.Globalization;
using System.Text.Json;
using OrleansLake.Dashboard.Tests.Browsers;
using OrleansLake.TestSupport;

namespace OrleansLake.Dashboard.Tests.Pages;

/// <summary>
/// The dashboard at a position, as text: the pivot, the users, and the counts. <see cref="Of"/> says what it
/// is to be, from the messages; <see cref="Script"/> reads what it is, from the page.
/// </summary>
internal static class Shown
{
    /// <summary>Reads what the page shows now: <c>{position, text, phase}</c>.</summary>
    internal const string Script = """
        (() => {
          const text = id => document.getElementById(id).textContent.replaceAll(',', '')
          const table = id => [...document.querySelectorAll(`#${id} tr`)]
            .map(row => [...row.children].map(cell => cell.textContent.replaceAll(',', '')).join('|')).join('\n')
          return {
            position: document.body.dataset.position ?? '',
            phase: document.body.dataset.phase,
            text: [
              table('pivot'), table('users'),
              ['counted', 'accepted', 'duplicates', 'corrupted', 'rejected'].map(id => `${id} ${text(id)}`).join(', '),
              document.getElementById('closing').textContent,
            ].join('\n\n'),
          }
        })()
        """;

    /// <summary>Keeps everything that the page shows from now on, step by step, in <c>window.shown</c>.</summary>
    internal const string Record = $$"""
        (() => {
          window.shown = []
          const keep = () => window.shown.push({{Script}})
          new MutationObserver(keep).observe(document.body, { attributes: true, attributeFilter: ['data-position', 'data-phase'] })
          keep()
        })()
        """;

    /// <summary>Returns what the page is to show once these messages, in this order, are all that the lake has.</summary>
    internal static string Of(IReadOnlyList<Message> messages, int rejected = 0)
    {
        IReadOnlyList<Message> counted = Oracle.FirstOccurrences(messages);
        int corrupted = messages.Count(Oracle.IsCorrupted);
        return string.Join("\n\n", Pivot(counted), Users(counted), string.Create(
            CultureInfo.InvariantCulture,
            $"counted {counted.Count}, accepted {messages.Count}, duplicates {messages.Count - corrupted - counted.Count}, corrupted {corrupted}, rejected {rejected}"),
            "closes: bronze = messages + corrupted");
    }

    /// <summary>The pivot of first occurrences.</summary>
    internal static string Pivot(IReadOnlyList<Message> counted)
    {
        if (counted.Count == 0)
        {
            return "";
        }

        string[] events = [.. counted.Select(message => message.EventType!).Distinct().Order(Oracle.Utf8Order)];
        IEnumerable<string> rows = counted.GroupBy(message => message.Channel).OrderBy(row => row.Key, Oracle.Utf8Order).Select(row => Row(row.Key!, row));
        return string.Join('\n', [$"channel|{string.Join('|', events)}|total", .. rows, Row("all", counted)]);

        string Row(string name, IEnumerable<Message> messages)
        {
            List<Message> all = [.. messages];
            IEnumerable<int> cells = events.Select(type => all.Count(message => message.EventType == type));
            return string.Create(CultureInfo.InvariantCulture, $"{name}|{string.Join('|', cells.Select(cell => cell == 0 ? "–" : cell.ToString(CultureInfo.InvariantCulture)))}|{all.Count}");
        }
    }

    private static string Users(IReadOnlyList<Message> counted)
    {
        if (counted.Count == 0)
        {
            return "";
        }

        string[] channels = [.. counted.Select(message => message.Channel!).Distinct().Order(Oracle.Utf8Order)];
        IEnumerable<string> rows = counted.GroupBy(message => message.UserId).OrderByDescending(row => row.Count()).ThenBy(row => row.Key).Take(10)
            .Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Key}|{row.Count()}|{string.Join('|', channels.Select(channel => row.Count(message => message.Channel == channel)))}"));
        return string.Join('\n', [$"user|iterations|{string.Join('|', channels)}", .. rows]);
    }

    /// <summary>Waits until the page shows a position, live.</summary>
    internal static Task WaitForAsync(BrowserPage page, string position) =>
        page.WaitAsync($"document.body.dataset.position === '{position}' && document.body.dataset.phase === 'live'");

    /// <summary>Returns the number of messages that are in at a position of a lake with one partition.</summary>
    internal static int MessagesAt(string position) => int.Parse(position[(position.IndexOf('.', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);

    /// <summary>Each step that <see cref="Record"/> kept, with figures in it, against the messages that had come by then.</summary>
    internal static async Task<int> AssertEveryStepAsync(BrowserPage page, IReadOnlyList<Message> messages)
    {
        var known = new Dictionary<int, string>();
        int last = 0;
        foreach (JsonElement step in (await page.EvaluateAsync("window.shown")).EnumerateArray())
        {
            string position = step.GetProperty("position").GetString()!;
            if (position.Length == 0)
            {
                continue;
            }

            int count = MessagesAt(position);
            Assert.True(count >= last, $"the page went back from {last} to {count}");
            last = count;
            if (!known.TryGetValue(count, out string? expected))
            {
                known.Add(count, expected = Of([.. messages.Take(count)]));
            }

            if (count > 0)
            {
                Assert.Equal(expected, step.GetProperty("text").GetString());
            }
        }

        return known.Count;
    }
}
