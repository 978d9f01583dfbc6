using System.CommandLine;
using System.Globalization;
using OrleansLake.Cli.Output;
using OrleansLake.Client;
using OrleansLake.Client.Embedded;
using OrleansLake.Engine;
using OrleansLake.Server.Json;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake message</c>: all copies of a message, and what became of each.</summary>
internal sealed class MessageCommand : LakeCommand
{
    private readonly Argument<string> _id = new("ID") { Description = "The message's id, as in message_id" };
    private readonly LakeTarget _target;
    private readonly FormatOption _format;

    public MessageCommand(Terminal terminal)
        : base("message", "Show all copies of a message, and which one counts.", terminal)
    {
        Arguments.Add(_id);
        _target = new LakeTarget(this, "read");
        _format = new FormatOption(this, OutputFormat.Json, OutputFormat.Table, OutputFormat.Json, OutputFormat.Ndjson);
    }

    public override IReadOnlyList<string> Remarks =>
    [
        "JSON is what GET /v1/messages/ID answers; NDJSON has a line for each copy. Without",
        "--url the lake's folder is read, also while a server runs it: what is published and",
        "what is in its log. A message that is not there makes the exit code 1.",
    ];

    public override IReadOnlyList<string> Examples =>
        ["lake message 460e5646-0012-42c8-a98e-0fd4e250b3fe", "lake message m-17 --format json | jq .copies[0].outcome", "lake message m-17 --url http://127.0.0.1:5080"];

    protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        string id = parsed.GetValue(_id)!;
        MessageLife life = _target.IsServer(parsed) ? await _target.AskAsync(parsed, client => client.GetMessageAsync(id, cancellationToken)).ConfigureAwait(false)
            : MessageLives.Of(id, LakeReader.Open(GlobalOptions.PathOf(parsed)).Message(id));
        if (life.Copies.Count == 0)
        {
            throw new LakeException(LakeFailure.Failed, $"There is no message {DisplayWidth.Printable(id)} in the lake.");
        }

        switch (_format.Of(parsed, Terminal))
        {
            case OutputFormat.Table:
                DrawnTables.Write(Terminal, Table(life));
                break;
            case OutputFormat.Ndjson:
                foreach (MessageCopy copy in life.Copies)
                {
                    JsonLines.Write(Terminal.Output, json => MessageJson.WriteMembers(json, copy));
                }

                break;
            default:
                JsonLines.Write(Terminal.Output, json =>
                {
                    json.WriteString("position"u8, life.Position.ToString());
                    MessageJson.WriteMembers(json, life);
                });
                break;
        }

        return ExitCode.Done;
    }

    // What the lake does not keep has no columns.
    private static TextTable Table(MessageLife life)
    {
        bool hasAttributes = life.Copies.Any(static copy => copy.Attributes is not null);
        bool hasColumns = life.Copies.Any(static copy => copy.Columns is not null);
        bool hasSource = life.Copies.Any(static copy => copy.Source is not null);
        return new TextTable(
            [
                new("offset", IsNumber: true), new("timestamp"), new("date"), new("event_type"), new("channel"), new("country_id", IsNumber: !life.Copies.Any(static copy => copy.CountryId is { Text: not null })), new("user_id", IsNumber: !life.Copies.Any(static copy => copy.UserId is { Text: not null })),
                new("value"), .. hasAttributes ? [new TextColumnHeader("attributes")] : Array.Empty<TextColumnHeader>(),
                .. hasSource ? [new TextColumnHeader("source"), new TextColumnHeader("source_offset", IsNumber: true)] : Array.Empty<TextColumnHeader>(),
                .. hasColumns ? [new TextColumnHeader("columns")] : Array.Empty<TextColumnHeader>(), new("outcome"), new("reason"),
            ],
            [.. life.Copies.Select(copy => (string[])
            [
                Number(copy.Offset), MessageJson.TimeText(copy) ?? "", copy.Date?.ToString("O", CultureInfo.InvariantCulture) ?? "", copy.EventType ?? "", copy.Channel ?? "",
                copy.CountryId?.ToString() ?? "", copy.UserId?.ToString() ?? "", copy.Value ?? "", .. hasAttributes ? [copy.Attributes ?? ""] : Array.Empty<string>(),
                .. hasSource ? [copy.Source ?? "", Number(copy.SourceOffset)] : Array.Empty<string>(), .. hasColumns ? [copy.Columns ?? ""] : Array.Empty<string>(),
                MessageJson.OutcomeText(copy), copy.Reason,
            ])]);
    }

    private static string Number(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
