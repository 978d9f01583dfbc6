using OrleansLake.Dashboard.Tests.Browsers;
using OrleansLake.Dashboard.Tests.Serving;

namespace OrleansLake.Dashboard.Tests.Assets;

[Collection(BrowserTests.Name)]
public sealed class EventStreamTests(BrowserFixture fixture)
{
    [BrowserFact]
    public async Task A_stream_is_read_the_same_wherever_it_is_cut()
    {
        await using ServedLake lake = await ServedLake.StartAsync();
        await using BrowserPage page = await fixture.Browser.OpenAsync(lake.Dashboard);

        // Line ends of all three kinds, comments, data of several lines, fields without a blank or without a value, and an
        // event that never ends: https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
        string differences = await page.TextAsync("""
            (async () => {
              const { EventStreamParser } = await import('./event-stream.js')
              const text = '\uFEFF: hello\n\nretry: 1000\n\nevent: delta\ndata: {"a":1}\nid: 1.5\n\ndata:x\r\ndata\r\ndata:  y\r\n\r\nid: 1.6\rdata: z\r\revent: lost\n\ndata: last\n\ndata: never'
              const expected = JSON.stringify([
                { type: 'delta', data: '{"a":1}', id: '1.5' }, { type: 'message', data: 'x\n\n y', id: null },
                { type: 'message', data: 'z', id: '1.6' }, { type: 'message', data: 'last', id: null },
              ])
              const read = pieces => {
                const events = []
                const parser = new EventStreamParser(event => events.push(event))
                for (const piece of pieces) parser.push(piece)
                return JSON.stringify(events)
              }
              const wrong = []
              for (let i = 0; i <= text.length; i++) {
                for (let j = i; j <= text.length; j++) {
                  const found = read([text.slice(0, i), text.slice(i, j), text.slice(j)])
                  if (found !== expected) wrong.push(`${i},${j}: ${found}`)
                }
              }
              if (read([...text]) !== expected) wrong.push('one by one')
              return wrong.slice(0, 3).join('\n')
            })()
            """);
        Assert.Equal("", differences);
    }
}
