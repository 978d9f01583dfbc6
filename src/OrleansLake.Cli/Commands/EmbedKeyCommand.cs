using System.CommandLine;
using System.Runtime.CompilerServices;
using OrleansLake.Cli.Output;
using OrleansLake.Server;
using OrleansLake.Storage.Stores;

namespace OrleansLake.Cli.Commands;

/// <summary><c>lake embed-key</c>: makes a key that signs embed tokens.</summary>
internal sealed class EmbedKeyCommand : LakeCommand
{
    private readonly Argument<string> _id = new("ID") { Description = "The key's name, the kid of its tokens" };
    private readonly Option<FileInfo> _file = new("--embed-keys") { Description = "The file that it is added to", HelpName = "FILE", DefaultValueFactory = _ => new FileInfo("lake-embed-keys.txt") };

    public EmbedKeyCommand(Terminal terminal)
        : base("embed-key", "Create a key with which another site's server signs embed tokens.", terminal)
    {
        _id.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (result.Tokens[0].Value.Length == 0 || result.Tokens[0].Value[0] == '#' || result.Tokens[0].Value.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))))
            {
                result.AddError("A key's name has no blanks, and does not begin with #.");
            }
        });
        Arguments.Add(_id);
        Options.Add(_file);
    }

    public override IReadOnlyList<string> Remarks =>
    [
        "Prints the secret. The other site's server signs tokens with it: JSON Web Tokens, HS256, with",
        "kid, exp, and reports: {\"report1\":{\"channel\":[\"EMAIL\"]}}. A reader can narrow that, not widen it.",
    ];

    public override IReadOnlyList<string> Examples =>
        ["lake embed-key site", "lake serve --embed-keys lake-embed-keys.txt --allow-origin https://site.example"];

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        Make(parsed);
        return Task.FromResult(ExitCode.Done);
    }

    // Apart, so that no other command loads the web server.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Make(ParseResult parsed)
    {
        var key = EmbedKey.Create(parsed.GetValue(_id)!);
        string path = SystemPath.Full(parsed.GetValue(_file)!.ToString());
        EmbedKeyFile.Add(path, key, () => Terminal.Show(key.Secret, path));
        Terminal.Error.WriteLine($"lake: added to {DisplayWidth.Printable(path)}; a running server reads it at its next start.");
    }
}
