using System.Collections.Immutable;
using OrleansLake.Core.Messages;

namespace OrleansLake.Core.Mapping;

/// <summary>The names by which other programs know a message's fields, and how surely, from 0 to 100.</summary>
internal static class SampleNames
{
    private static readonly Dictionary<MessageColumn, Dictionary<string, int>> Known = new()
    {
        [MessageSchema.Timestamp] = Scores(
            (98, "eventtimestamp timestampms timestampus timestampns timestamputc"), (96, "eventtime eventdatetime eventts"), (95, "ts tsms tsus tsns"),
            (94, "time timems timeus"), (93, "datetime"), (92, "occurredat happenedat"), (90, "occurredon unixtimestamp unixts eventcreatedat"), (88, "eventdate"),
            (85, "createdat createtime createdtime"), (84, "sentat senttime datesent"), (82, "creationtime datecreated epoch epochms epochmillis unixtime"), (80, "created publishedat publishtime logtime"),
            (76, "receivedat recordedat loggedat deliveredat date"), (74, "at"), (72, "when"), (60, "updatedat ingestedat processedat dateupdated modifiedat"), (55, "t")),
        [MessageSchema.Value] = Scores((95, "messagevalue"), (92, "val"), (84, "messagebody"), (80, "body"), (76, "text"), (74, "content"), (62, "message")),
        [MessageSchema.EventType] = Scores(
            (94, "eventname"), (92, "event eventkind"), (90, "notificationtype messagestatus smsstatus"), (85, "type deliverystatus eventstatus"), (80, "status kind"), (78, "action"),
            (75, "activitytype"), (72, "state"), (68, "activity"), (60, "verb"), (45, "name")),
        [MessageSchema.MessageId] = Scores(
            (98, "sgmessageid messageuuid messageguid"), (97, "msgid"), (96, "messagesid smsmessagesid msguuid"), (92, "smssid"), (90, "mid mailid messagekey"), (88, "smsid"), (82, "notificationid"),
            (80, "id"), (78, "uuid guid"), (75, "deliveryid"), (74, "sid"), (72, "eventid"), (70, "eventuuid trackingid sgeventid"), (60, "externalid key"), (55, "recordid")),
        [MessageSchema.Channel] = Scores((98, "messagechannel"), (97, "channelname channeltype"), (95, "deliverychannel"), (90, "medium"), (85, "via"), (78, "transport"), (70, "media"), (60, "messagetype"), (55, "platform")),
        [MessageSchema.CountryId] = Scores((98, "countrynumber countrynum"), (92, "country countrycode"), (88, "countryiso countryisocode"), (85, "cc geocountry locationcountry"), (70, "nation")),
        [MessageSchema.UserId] = Scores(
            (92, "user usernumber"), (90, "userno"), (88, "uid usrid"), (84, "customerid recipientid usr"), (82, "subscriberid"), (80, "contactid memberid externaluserid"), (76, "customer"), (74, "profileid personid"),
            (72, "accountid"), (66, "clientid visitorid"), (55, "recipient")),
    };

    // Of names that have more before them: message_variation_channel.
    private static readonly (MessageColumn Column, string Ending, int Score)[] Endings =
    [
        (MessageSchema.Timestamp, "timestamp", 80), (MessageSchema.Timestamp, "time", 65), (MessageSchema.Timestamp, "date", 55), (MessageSchema.Timestamp, "at", 50),
        (MessageSchema.MessageId, "messageid", 90), (MessageSchema.MessageId, "msgid", 90),
        (MessageSchema.EventType, "eventtype", 80), (MessageSchema.EventType, "eventname", 80), (MessageSchema.EventType, "status", 55),
        (MessageSchema.Channel, "channel", 75),
        (MessageSchema.CountryId, "country", 78), (MessageSchema.CountryId, "countrycode", 78), (MessageSchema.CountryId, "countryid", 80),
        (MessageSchema.UserId, "userid", 85),
    ];

    /// <summary>Returns a name's letters and digits, small: <c>eventType</c>, <c>Event Type</c> and <c>event-type</c> are one.</summary>
    public static string Letters(string name) => string.Concat(name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));

    /// <summary>Returns how well names lead to a field.</summary>
    /// <param name="column">The field.</param>
    /// <param name="names">The names.</param>
    public static int Score(MessageColumn column, ImmutableArray<string> names)
    {
        string[] letters = [.. names.Where(static name => !IsIndex(name)).Select(Letters)];
        if (letters.Length == 0)
        {
            return 0;
        }

        string last = letters[^1];

        // user.id is user_id, and event.type event_type.
        int score = Math.Max(ScoreOf(column, last), letters.Length > 1 ? ScoreOf(column, letters[^2] + last) : 0);
        return Math.Max(0, score - (2 * (names.Length - 1)));
    }

    private static bool IsIndex(string name) => name.All(char.IsAsciiDigit);

    private static int ScoreOf(MessageColumn column, string letters)
    {
        if (letters == Letters(column.Name))
        {
            return 100;
        }

        if (Known[column].TryGetValue(letters, out int score))
        {
            return score;
        }

        return Endings.FirstOrDefault(one => one.Column == column && letters.EndsWith(one.Ending, StringComparison.Ordinal)).Score;
    }

    private static Dictionary<string, int> Scores(params (int Score, string Names)[] known) =>
        known.SelectMany(static one => one.Names.Split(' ').Select(name => KeyValuePair.Create(name, one.Score))).ToDictionary(StringComparer.Ordinal);
}
