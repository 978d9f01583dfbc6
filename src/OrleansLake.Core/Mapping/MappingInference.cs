using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansLake.Core.Messages;
using OrleansLake.Core.Time;

namespace OrleansLake.Core.Mapping;

/// <summary>
/// Proposes a mapping for a sample of records: each field gets the place whose name and values fit it best, if one fits well enough, and
/// no place is two fields. The same sample gives the same mapping.
/// </summary>
/// <param name="sample">The records.</param>
/// <param name="isTable">Whether the outermost names are a table's columns.</param>
/// <param name="zone">The lake's time zone.</param>
/// <param name="known">What is known of the lake's ids.</param>
internal sealed class MappingInference(SampleFacts sample, bool isTable, LakeTimeZone zone, KnownIds known)
{
    private const int ScoreMin = 50;
    private const int ScoreMinOfValue = 62;

    // From here on a place is one field's own: its name says so.
    private const int ScoreOfOther = 60;
    private const int Close = 12;
    private const int PathsOfFieldMax = 4;
    private const int NamedMax = 5;
    private const int ShownMax = 40;

    // Of a place with more values than that, they are not kinds of events.
    private const int KindsMax = 60;

    private readonly List<string> _doubts = [];

    /// <summary>Returns the mapping.</summary>
    public InferredMapping Infer()
    {
        List<FieldCandidate> candidates = [.. MessageSchema.Columns.SelectMany(column => sample.Paths.Select(facts => Candidate(column, facts)).OfType<FieldCandidate>())];
        Dictionary<MessageColumn, FieldCandidate> chosen = Assign(candidates = [.. candidates.OrderByDescending(static one => one.Score)]);

        if (chosen.GetValueOrDefault(MessageSchema.EventType)?.Facts is { } kinds)
        {
            chosen = Assign(candidates = [.. candidates.Select(one => one with { Score = one.Score + Beside(kinds, one.Facts) }).OrderByDescending(static one => one.Score)]);
        }

        var lines = new List<string>();
        IdTypes ids = IdTypes.Default;
        foreach (MessageColumn column in MessageSchema.Columns)
        {
            List<FieldCandidate> from = chosen.TryGetValue(column, out FieldCandidate? best) ? [best, .. Others(best, candidates, chosen)] : [];
            string how = from.Count > 0 ? Describe(column, from, candidates, chosen) : DescribeMissing(column, candidates);
            ids = column == MessageSchema.UserId ? ids with { User = NeededType(column, from) } : column == MessageSchema.CountryId ? ids with { Country = NeededType(column, from) } : ids;
            lines.Add($"  {Json(column.Name)}: {how}");
        }

        DescribeLists(chosen.Values);
        if (chosen.ContainsKey(MessageSchema.Timestamp) && chosen.ContainsKey(MessageSchema.MessageId) && MessageSchema.Columns.All(column => lines.Contains($"  {Json(column.Name)}: {Json(column.Name)}") || !chosen.ContainsKey(column)))
        {
            _doubts.Add("The records are messages as they are: they need no mapping.");
        }

        string text = $"{{\"fields\": {{\n{string.Join(",\n", lines)}\n}}}}\n";
        return MessageMapping.TryParse(Encoding.UTF8.GetBytes(text), out MessageMapping? mapping, out string? error, ids)
            ? new InferredMapping(text, mapping, chosen.Count, _doubts, ids) : throw new InvalidOperationException($"{error}: {text}");
    }

    // What is in one object with the event is the event's, and where it is in a text, what is around that text is of an envelope.
    private static int Beside(PathFacts kinds, PathFacts facts) =>
        (kinds.TextAt > 0 && facts.TextAt > 0 && facts.Names.AsSpan().StartsWith(kinds.Names.AsSpan(0, kinds.TextAt)) ? Close : 0)
        + (kinds.Names.Length > 1 && facts.Names.AsSpan().StartsWith(kinds.Names.AsSpan()[..^1]) ? Close / 2 : 0);

    private FieldCandidate? Candidate(MessageColumn column, PathFacts facts)
    {
        int score = SampleNames.Score(column, facts.Names);
        if (facts.Count == 0 || PathOf(facts) is null)
        {
            return null;
        }

        // Another field's name, though it may do for this one.
        int others = MessageSchema.Columns.Where(other => other != column).Max(other => SampleNames.Score(other, facts.Names));
        score -= others >= score + Close ? ScoreOfOther : 0;
        score -= (facts.TextAt > 0 ? 1 : 0) + (facts.IsInArray ? 10 : 0);
        TimestampGuess? times = null;
        if (column == MessageSchema.Timestamp)
        {
            times = TimestampGuess.Of(facts, zone);
            score = times is null ? 0 : Math.Max(score - (40 * (sample.Records - facts.Records.Count) / sample.Records), 20);
        }
        else if (column == MessageSchema.MessageId)
        {
            bool isId = facts.IsMostlyText;
            bool repeats = facts.Count >= 20 && facts.Distinct.Count * 20 < facts.Count;
            score = !isId ? 0 : score - (repeats ? 40 : 0) - (20 * (sample.Records - facts.Records.Count) / sample.Records);
        }
        else if (column == MessageSchema.EventType || column == MessageSchema.Channel)
        {
            score += KindScore(column, facts);
        }
        else if (column == MessageSchema.Value && (facts.HoldsMore || facts.IsInArray))
        {
            score = 0;
        }
        else if (column.Type == MessageColumnType.Number)
        {
            // Everything is a text: a number by a name that fits a little less is an id more surely.
            score = !IsTaken(column, facts) ? 0 : score - (known.Of(column) is null && TypeOf(column, facts) == IdType.Text ? Close : 0);
        }

        return score > 0 ? new FieldCandidate(column, facts, score, times) : null;
    }

    // The narrowest type of ids that takes all values of a place; null if none does.
    private IdType? TypeOf(MessageColumn column, PathFacts facts) =>
        facts.Distinct.Keys.All(value => Is(IdType.Number32, value)) ? IdType.Number32
        : column == MessageSchema.UserId && facts.Distinct.Keys.All(value => Is(IdType.Number64, value)) ? IdType.Number64
        : facts.Truths == 0 && facts.Reals == 0 && !facts.HoldsMore && !facts.IsInArray ? IdType.Text
        : null;

    // Of a typed column, as other programs write whole numbers of one that has nulls: 7.0.
    private bool Is(IdType type, string value)
    {
        string whole = sample.IsTyped && value.EndsWith(".0", StringComparison.Ordinal) ? value[..^2] : value;
        return type == IdType.Text || (long.TryParse(whole, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && (type == IdType.Number64 || number == (int)number));
    }

    private bool IsTaken(MessageColumn column, PathFacts facts) => TypeOf(column, facts) is { } type && type <= (known.Of(column) ?? IdType.Text);

    private static string ShownOther(IEnumerable<string> values, Func<string, bool> isUsual) => Shown(values.FirstOrDefault(value => !isUsual(value)) ?? values.First());

    private static int KindScore(MessageColumn column, PathFacts facts)
    {
        if (!facts.IsMostlyText || facts.Distinct.Count > KindsMax || (facts.Count >= 20 && facts.Distinct.Count * 2 > facts.Count))
        {
            return -1000;
        }

        int known = facts.Distinct.Where(one => KnownOf(column).Find(one.Key) is not null).Sum(static one => one.Value);
        return known == 0 ? -20 : 30 * known / facts.Count;
    }

    private static KnownValues KnownOf(MessageColumn column) => column == MessageSchema.EventType ? KnownValues.EventTypes : KnownValues.Channels;

    private Dictionary<MessageColumn, FieldCandidate> Assign(List<FieldCandidate> candidates)
    {
        var chosen = new Dictionary<MessageColumn, FieldCandidate>();
        var used = new HashSet<PathFacts>();
        foreach (FieldCandidate one in candidates)
        {
            int min = one.Column == MessageSchema.Value ? ScoreMinOfValue : ScoreMin;
            if (one.Score >= min && !chosen.ContainsKey(one.Column) && used.Add(one.Facts))
            {
                chosen.Add(one.Column, one);
            }
        }

        // A time by another name is better than none, if there is one only, and it passes.
        if (!chosen.ContainsKey(MessageSchema.Timestamp)
            && candidates.Where(one => one.Column == MessageSchema.Timestamp && !used.Contains(one.Facts)).ToArray() is [var only]
            && only.Facts.Records.Count * 2 >= sample.Records && (only.Facts.Distinct.Count > 1 || sample.Records == 1))
        {
            chosen.Add(MessageSchema.Timestamp, only);
        }

        return chosen;
    }

    private static bool IsFree(FieldCandidate one, Dictionary<MessageColumn, FieldCandidate> chosen) => !chosen.Values.Any(other => other.Facts == one.Facts);

    // Where the place is empty, another one of such a name may hold the field.
    private static List<FieldCandidate> Others(FieldCandidate best, List<FieldCandidate> candidates, Dictionary<MessageColumn, FieldCandidate> chosen)
    {
        var others = new List<FieldCandidate>();
        var covered = new HashSet<int>(best.Facts.Records);
        foreach (FieldCandidate one in candidates)
        {
            if (one.Column == best.Column && one.Score >= ScoreOfOther && IsFree(one, chosen) && others.Count + 1 < PathsOfFieldMax && !one.Facts.Records.IsSubsetOf(covered))
            {
                others.Add(one);
                covered.UnionWith(one.Facts.Records);
            }
        }

        return others;
    }

    private string Describe(MessageColumn column, List<FieldCandidate> from, List<FieldCandidate> candidates, Dictionary<MessageColumn, FieldCandidate> chosen)
    {
        FieldCandidate best = from[0];
        string paths = from.Count == 1 ? Json(PathOf(best.Facts)!) : $"[{string.Join(", ", from.Select(static one => one.Facts).Select(facts => Json(PathOf(facts)!)))}]";
        string[] close = [.. candidates.Where(one => one.Column == column && !from.Contains(one) && one.Score >= best.Score - Close && IsFree(one, chosen)).Select(one => PathOf(one.Facts)!)];
        if (close.Length > 0)
        {
            Doubt(column, $"is taken from {Listed(from.Select(one => PathOf(one.Facts)!), "or")}; {Listed(close, "and")} {(close.Length == 1 ? "fits" : "fit")} nearly as well");
        }
        else if (SampleNames.Score(column, best.Facts.Names) < ScoreOfOther)
        {
            Doubt(column, $"is taken from {PathOf(best.Facts)}, whose name does not say so");
        }

        int missing = sample.Records - from.SelectMany(static one => one.Facts.Records).Distinct().Count();
        if (missing > 0 && (column == MessageSchema.Timestamp || column == MessageSchema.MessageId || column == MessageSchema.EventType))
        {
            Doubt(column, string.Create(CultureInfo.InvariantCulture, $"has no value in {missing:N0} of {Counted.Of(sample.Records, "record")}"));
        }

        string[] also = [.. candidates.Where(one => one.Column == column && !from.Contains(one) && IsAlso(one) && !close.Contains(PathOf(one.Facts)) && IsFree(one, chosen)).Select(one => PathOf(one.Facts)!)];
        if (also.Length > 0)
        {
            string rest = also.Length > NamedMax ? $" and {Counted.Of(also.Length - NamedMax, "other place")}" : "";
            Doubt(column, $"is taken from {Listed(from.Select(one => PathOf(one.Facts)!), "or")}; {Listed(also.Take(NamedMax), rest.Length == 0 ? "and" : "")}{rest} {(also.Length == 1 ? "has" : "have")} {(column == MessageSchema.Timestamp ? "times" : "ids")} as well");
        }

        if (column.Type != MessageColumnType.Number && column != MessageSchema.Timestamp && column != MessageSchema.Value && best.Facts.Truths + best.Facts.Reals is > 0 and var odd)
        {
            Doubt(column, $"{Counted.Of(odd, "value")} of {PathOf(best.Facts)} {(odd == 1 ? "is" : "are")} true, false or a fraction, which is rejected");
        }

        if (best.Facts.TextAt > 0)
        {
            Doubt(column, $"is in JSON in a text: {PathOf(best.Facts)}");
        }

        if (column == MessageSchema.Timestamp)
        {
            return DescribeTimes(column, from, paths);
        }

        if (column.Type == MessageColumnType.Number && known.Of(column) is null && NeededType(column, from) is var type and not IdType.Number32)
        {
            string value = ShownOther(from.SelectMany(static one => one.Facts.Distinct.Keys), value => Is(type == IdType.Text ? IdType.Number64 : IdType.Number32, value));
            string countries = column == MessageSchema.CountryId ? " and --countries FILE, which has their names" : "";
            Doubt(column, $"{PathOf(best.Facts)} has values such as {value}: the lake is to be created with {IdTypes.OptionOf(column.Name)} {IdTypes.Name(type)}{countries}");
        }

        return column == MessageSchema.EventType || column == MessageSchema.Channel ? DescribeKinds(column, from, paths) : paths;
    }

    // A place that may be meant as well, whatever it is called: half of the records say when they were, or have an id by such a name.
    private bool IsAlso(FieldCandidate one) => one.Facts.Records.Count * 2 >= sample.Records
        && (one.Column == MessageSchema.Timestamp || (one.Column == MessageSchema.MessageId && SampleNames.Score(one.Column, one.Facts.Names) >= ScoreMin));

    private string DescribeTimes(MessageColumn column, List<FieldCandidate> from, string paths)
    {
        FieldCandidate[] untyped = [.. from.Where(static one => !one.Facts.IsTypedTime)];
        if (untyped.Length == 0)
        {
            return paths;
        }

        TimestampGuess times = untyped[0].Times!;
        string shown = Shown(times.First);
        if (times.Formats[0] is { IsEpoch: true } epoch)
        {
            epoch.TryParse(Encoding.UTF8.GetBytes(times.First), zone, out long micros, out _);
            Doubt(column, $"{PathOf(untyped[0].Facts)} is read as {epoch} by the size of its numbers: {shown} is {Utc(micros)}");
        }

        if (!times.Alike.IsEmpty)
        {
            Doubt(column, $"{shown} is read as {times.Formats[0]}; {Listed(times.Alike.Select(static one => one!.Text), "and")} {(times.Alike.Length == 1 ? "reads" : "read")} as many of the values: the file's author knows which");
        }

        if (times.Formats.Length > 1)
        {
            Doubt(column, $"its values are written in {times.Formats.Length} formats");
        }

        if (!times.IsAll)
        {
            Doubt(column, $"some values of {PathOf(untyped[0].Facts)} are not read as timestamps");
        }

        if (times.HasNoOffset)
        {
            Doubt(column, $"{shown} says no offset from UTC: it is read in the lake's time zone, {zone.Id} here");
        }

        ImmutableArray<TimestampFormat?> formats = [.. untyped.SelectMany(static one => one.Times!.Formats).DistinctBy(static one => one?.Text)];
        return formats is [null] ? paths : $"{{\"from\": {paths}, \"format\": {(formats.Length == 1 ? Name(formats[0]) : $"[{string.Join(", ", formats.Select(Name))}]")}}}";

        static string Name(TimestampFormat? format) => Json(format?.Text ?? "rfc3339");
    }

    private string DescribeKinds(MessageColumn column, List<FieldCandidate> from, string paths)
    {
        KnownValues known = KnownOf(column);
        string[] values = [.. from.SelectMany(static one => one.Facts.Distinct.Keys).Distinct(StringComparer.Ordinal)];
        string[] unknown = [.. values.Where(value => known.Find(value) is null)];
        (string From, string To)[] map = [.. values.Where(value => known.Find(value) is { } name && name != value).Select(value => (value, known.Find(value)!))];
        if (unknown.Length > 0)
        {
            string rest = unknown.Length > NamedMax ? $" and {Counted.Of(unknown.Length - NamedMax, "other")}" : "";
            Doubt(column, $"{Listed(unknown.Take(NamedMax).Select(Shown), rest.Length == 0 ? "and" : "")}{rest} {(unknown.Length == 1 ? "stays as it is" : "stay as they are")}: the map may name what the lake is to have ({string.Join(", ", known.Names)})");
        }

        return map.Length == 0 ? paths
            : unknown.Length == 0 && map.All(static one => one.From.Equals(one.To, StringComparison.OrdinalIgnoreCase)) ? $"{{\"from\": {paths}, \"case\": \"upper\"}}"
            : $"{{\"from\": {paths}, \"map\": {{{string.Join(", ", map.Select(static one => $"{Json(one.From)}: {Json(one.To)}"))}}}, \"otherwise\": \"keep\"}}";
    }

    // The type of a lake that takes a column's ids from some places.
    private IdType NeededType(MessageColumn column, List<FieldCandidate> from) =>
        known.Of(column) ?? from.Select(one => TypeOf(column, one.Facts)!.Value).DefaultIfEmpty(IdType.Number32).Max();

    private string DescribeMissing(MessageColumn column, List<FieldCandidate> candidates)
    {
        string[] weak = [.. candidates.Where(one => one.Column == column && one.Score > 0).Take(NamedMax).Select(one => PathOf(one.Facts)!)];
        if (column == MessageSchema.Timestamp)
        {
            if (weak.Length == 0 && Named(column, static _ => true) is { } named)
            {
                Doubt(column, $"is the time of receipt: {PathOf(named)} has values such as {Shown(named.Distinct.Keys.First())}, of which too few are read as times");
                return """{"format": "receipt"}""";
            }

            Doubt(column, weak.Length > 0 ? $"is found nowhere by its name, so it is the time of receipt; {Listed(weak, "and")} {(weak.Length == 1 ? "has" : "have")} times" : "is found nowhere, so it is the time of receipt");
            return """{"format": "receipt"}""";
        }

        if (column == MessageSchema.MessageId)
        {
            Doubt(column, "is found nowhere, and every message has one: name the path of an id, or several with join");
            return Json(column.Name);
        }

        // Of a user that is text where the lake's are numbers, say.
        PathFacts? other = column.Type != MessageColumnType.Number ? null : Named(column, facts => !IsTaken(column, facts));
        if (other is null)
        {
            Doubt(column, "is found nowhere, so it is null");
            return "null";
        }

        IdType type = known.Of(column) ?? IdType.Text;
        string expected = type == IdType.Text ? "text or whole numbers are expected" : $"the lake's are {IdTypes.Name(type)}";
        string wider = TypeOf(column, other) is { } takes ? $", and a lake that is created with {IdTypes.OptionOf(column.Name)} {IdTypes.Name(takes)} takes them" : "";
        Doubt(column, $"is null: {PathOf(other)} has values such as {ShownOther(other.Distinct.Keys, value => Is(type == IdType.Text ? IdType.Number32 : type, value))}, and {expected} (a map can make them{wider})");
        return "null";
    }

    // The place whose name says best that it is the field.
    private PathFacts? Named(MessageColumn column, Func<PathFacts, bool> isMeant) =>
        sample.Paths.Where(facts => facts.Count > 0 && isMeant(facts) && PathOf(facts) is not null && SampleNames.Score(column, facts.Names) >= ScoreOfOther).MaxBy(facts => SampleNames.Score(column, facts.Names));

    private void DescribeLists(IEnumerable<FieldCandidate> chosen)
    {
        foreach ((ImmutableArray<string> names, int elements) in sample.Lists)
        {
            if (chosen.Any(one => one.Facts.Names.Length > names.Length && one.Facts.Names.AsSpan(0, names.Length).SequenceEqual(names.AsSpan())) && Path(names) is { } path)
            {
                string how = path.All(static c => char.IsAsciiLetter(c) || c is '_' or '.') ? $", as jq -c '.{path}[]' makes them," : "";
                _doubts.Add($"{path} has up to {elements} elements, of which the first alone is read, since a record is one message: send each as a record of its own{how} where all are messages.");
            }
        }
    }

    private void Doubt(MessageColumn column, string what) => _doubts.Add($"{column.Name}: {what}.");

    private string? PathOf(PathFacts facts) => Path(facts.Names);

    // Null: no path leads there.
    private string? Path(ImmutableArray<string> names)
    {
        // A table's column may have dots in its name, by which it is found as it is.
        bool isPlain = names.Length > 0 && names[0].Length > 0 && names[0][0] != '/'
            && names.Select((name, i) => (isTable && i == 0) || !name.Contains('.', StringComparison.Ordinal)).All(static one => one) && string.Join('.', names).Split('.').All(static name => name.Length > 0);
        string text = isPlain ? string.Join('.', names)
            : string.Concat(names.Select(static name => "/" + name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)));
        return FieldPath.TryCreate(text, out _, out _) ? text : null;
    }

    private static string Listed(IEnumerable<string> names, string last)
    {
        string[] all = [.. names];
        return all.Length < 2 || last.Length == 0 ? string.Join(", ", all) : $"{string.Join(", ", all[..^1])} {last} {all[^1]}";
    }

    private static string Shown(string value) => value.Length <= ShownMax && value.All(char.IsAsciiDigit) ? value : Json(value.Length > ShownMax ? value[..ShownMax] + "…" : value);

    private static string Json(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static string Utc(long micros)
    {
        Span<byte> text = stackalloc byte[TimestampText.FormatBytesMax];
        return Encoding.ASCII.GetString(text[..TimestampText.FormatUtc(micros, text)]);
    }
}
