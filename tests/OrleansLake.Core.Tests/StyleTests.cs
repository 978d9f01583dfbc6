using System.Text.RegularExpressions;
using OrleansLake.TestSupport;

namespace OrleansLake.Core.Tests;

/// <summary>The words of docs/glossary.md are used, and the ones it replaces are not.</summary>
public partial class StyleTests
{
    private static readonly string[] Folders = ["src", "docs", "tests", "bench", "samples", "deploy", "findings"];
    private static readonly string[] Extensions = [".cs", ".js", ".mjs", ".html", ".css", ".md", ".sh", ".yml", ".props", ".targets", ".csproj"];

    // A word (in prose: comments, texts and pages), and what to say instead.
    private static readonly (Regex Word, string Instead)[] Banned =
    [
        (Whoever(), "name the person or part: the caller, the owner, those who"),
        (Anew(), "again, from the start; rebuild, reopen, rewrite"),
        (OfBefore(), "of earlier versions; earlier, previous"),
        (TakenIn(), "ingest"),
        (IsNo(), "is not a"),
        (Stands(), "is, is in, comes before; occurs (twice)"),
        (ReplayQuarantine(), "replay, correct, repair"),
        (Told(), "is reported, is notified, gets; known, distinguished"),
        (ExternalBronzeFile(), "external file"),
        (ToBeHad(), "available, unavailable, installed"),
        (CalledOff(), "cancel"),
        (HasIt(), "as in, as X specifies"),
        (WithoutAWord(), "silently"),
        (WaitForCapacity(), "ensure capacity, free space; back-pressure"),
        (Look(), "check, scan, sample"),
        (IsSaid(), "is reported, is specified"),
        (Archaic(), "plain modern English"),
    ];

    [Fact]
    public async Task Prose_uses_the_words_of_the_glossary()
    {
        var faults = new List<string>();
        foreach (string path in Files())
        {
            string name = Path.GetRelativePath(Fixtures.Root, path);
            string[] lines = await File.ReadAllLinesAsync(path);
            bool isPage = path.EndsWith(".md", StringComparison.Ordinal);
            bool isScript = path.EndsWith(".sh", StringComparison.Ordinal) || path.EndsWith(".yml", StringComparison.Ordinal);
            bool isQuoted = false;
            for (int i = 0; i < lines.Length; i++)
            {
                isQuoted ^= isPage && lines[i].StartsWith("```", StringComparison.Ordinal);
                string prose = isQuoted ? "" : isPage ? CodeSpan().Replace(lines[i], "``") : ProseOf(lines[i], isScript);
                faults.AddRange(Banned.Where(one => one.Word.IsMatch(prose)).Select(one => $"{name}:{i + 1}: \"{one.Word.Match(prose).Value}\"; say: {one.Instead}"));
            }
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public async Task Summaries_name_the_thing_or_say_what_it_does()
    {
        var faults = new List<string>();
        foreach (string path in Files().Where(static path => path.EndsWith(".cs", StringComparison.Ordinal)))
        {
            string[] lines = await File.ReadAllLinesAsync(path);
            for (int i = 0; i < lines.Length; i++)
            {
                Match summary = Summary().Match(lines[i]);
                if (summary.Success && (summary.Groups[1].Value.Length > 0 ? summary.Groups[1].Value : lines[i + 1].TrimStart(' ', '/')) is var text && Question().IsMatch(text))
                {
                    faults.Add($"{Path.GetRelativePath(Fixtures.Root, path)}:{i + 1}: \"{text}\"; say Gets, Returns, Appends ..., or name the thing");
                }
            }
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public async Task Glossary_and_architecture_stay_short()
    {
        Assert.InRange((await LinesAsync("docs/glossary.md")).Length, 40, 90);
        Assert.InRange((await LinesAsync("docs/architecture.md")).Length + (await LinesAsync("CONTRIBUTING.md")).Length, 80, 150);
    }

    private static Task<string[]> LinesAsync(string path) => File.ReadAllLinesAsync(Path.Combine(Fixtures.Root, path));

    private static IEnumerable<string> Files() => Folders
        .SelectMany(static folder => Directory.EnumerateFiles(Path.Combine(Fixtures.Root, folder), "*", SearchOption.AllDirectories))
        .Concat(Directory.EnumerateFiles(Fixtures.Root, "*.md"))
        .Where(static path => Array.Exists(Extensions, path.EndsWith) && !Left().IsMatch(path)
            && Path.GetFileName(path) is not ("glossary.md" or "StyleTests.cs"));

    // Of code: its comments, and its texts without what is put into them.
    private static string ProseOf(string line, bool isScript)
    {
        string code = line.TrimStart();
        return code.StartsWith("//", StringComparison.Ordinal) || code.StartsWith('*') || code.StartsWith("/*", StringComparison.Ordinal) || (isScript && code.StartsWith('#'))
            ? CodeElement().Replace(code, "")
            : string.Join(" ", Text().Matches(code).Where(static text => text.Value.Contains(' ', StringComparison.Ordinal)).Select(static text => Hole().Replace(text.Value, "{}")));
    }

    [GeneratedRegex("/(obj|bin|node_modules|fixtures|TestResults)/")]
    private static partial Regex Left();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex("<c>[^<]*</c>|<[^>]*>|`[^`]*`")]
    private static partial Regex CodeElement();

    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|(?<!:)//.*
        """)]
    private static partial Regex Text();

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Hole();

    [GeneratedRegex("^\\s*/// <summary>(.*)")]
    private static partial Regex Summary();

    [GeneratedRegex(@"^(What|Where|Whose|How|Who|Whom|Which|When|Why|Whether)\b")]
    private static partial Regex Question();

    [GeneratedRegex(@"\bwho(m|so)?ever\b", RegexOptions.IgnoreCase)]
    private static partial Regex Whoever();

    [GeneratedRegex(@"\banew\b", RegexOptions.IgnoreCase)]
    private static partial Regex Anew();

    [GeneratedRegex(@"\bof before\b", RegexOptions.IgnoreCase)]
    private static partial Regex OfBefore();

    // Not "taken in order", "takes in memory", "dates are taken in the lake's zone".
    [GeneratedRegex(@"\bt(ake|akes|aken|aking|ook) in\b(?! (a|all|the|its|their|memory|order|this|that|one|room|bytes)\b)", RegexOptions.IgnoreCase)]
    private static partial Regex TakenIn();

    // Not "there is no", "is no longer".
    [GeneratedRegex(@"(?<!\bthere )\b(is|are|was|were|be) no (?!longer\b|more than\b|less than\b|other than\b)[a-z]", RegexOptions.IgnoreCase)]
    private static partial Regex IsNo();

    // Not "stands for", "stands still", "stand out".
    [GeneratedRegex(@"\b(stands?|stood)\b(?! (for|out|still|alone|on its own)\b)", RegexOptions.IgnoreCase)]
    private static partial Regex Stands();

    // Not the ledger's column, in a list of columns or a row.
    [GeneratedRegex(@"\b[Mm]end(s|ing)?\b|\bmended\b(?!,)")]
    private static partial Regex ReplayQuarantine();

    [GeneratedRegex(@"\b(is|are|was|were|be|being|been|not) told\b|\btold (apart|from|by|in words)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Told();

    [GeneratedRegex(@"\bforeign (bronze )?files?\b", RegexOptions.IgnoreCase)]
    private static partial Regex ExternalBronzeFile();

    [GeneratedRegex(@"\bto be had\b(?! back)", RegexOptions.IgnoreCase)]
    private static partial Regex ToBeHad();

    [GeneratedRegex(@"\bcall(s|ed|ing)? off\b", RegexOptions.IgnoreCase)]
    private static partial Regex CalledOff();

    [GeneratedRegex(@"\bas [^,;:]+ has it\b")]
    private static partial Regex HasIt();

    [GeneratedRegex(@"\bwithout a word\b", RegexOptions.IgnoreCase)]
    private static partial Regex WithoutAWord();

    [GeneratedRegex(@"\bma(ke|kes|de|king) room\b", RegexOptions.IgnoreCase)]
    private static partial Regex WaitForCapacity();

    [GeneratedRegex(@"\b(a|each|every|one|another) look\b", RegexOptions.IgnoreCase)]
    private static partial Regex Look();

    [GeneratedRegex(@"\b(is|are|was|were|be) said\b", RegexOptions.IgnoreCase)]
    private static partial Regex IsSaid();

    [GeneratedRegex(@"\b(lest|hither|thither|thereof|whereof|wherein|therein|forthwith|henceforth|thereupon|had rather|by and by|and the like|nobody's|give(s|n)? way)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Archaic();
}
