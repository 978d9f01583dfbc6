using System.CommandLine;
using OrleansLake.Cli.Output;

namespace OrleansLake.Cli.Commands;

/// <summary>
/// <c>lake completion</c>: a script that makes a shell complete command lines. The shells ask <c>lake</c> itself, by the
/// directive <c>[suggest:N]</c> of System.CommandLine: what is completed is what this version takes.
/// </summary>
internal sealed class CompletionCommand : LakeCommand
{
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            _lake_complete() {
              local line="${COMP_LINE:0:COMP_POINT}" word="${COMP_WORDS[COMP_CWORD]}" suggestion
              COMPREPLY=()
              while IFS= read -r suggestion; do
                [[ $suggestion == "$word"* ]] && COMPREPLY+=("$suggestion")
              done < <("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)
            }
            complete -o default -F _lake_complete lake
            """,
        ["zsh"] = """
            #compdef lake
            _lake() {
              local line="${BUFFER[1,CURSOR]}"
              local -a suggestions
              suggestions=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
              compadd -- $suggestions || _files
            }
            compdef _lake lake
            """,
        ["fish"] = """
            function __lake_complete
              set -l line (commandline -cp)
              lake "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete -c lake -a '(__lake_complete)'
            """,
        ["pwsh"] = """
            Register-ArgumentCompleter -Native -CommandName lake -ScriptBlock {
              param($word, $command, $position)
              $line = $command.ToString()
              lake "[suggest:$position]" "$line" | Where-Object { $_ -like "$word*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
              }
            }
            """,
    };

    private readonly Argument<string> _shell = new("SHELL") { Description = "The shell" };

    public CompletionCommand(Terminal terminal)
        : base("completion", "Print a script that completes lake's command lines in a shell.", terminal)
    {
        _shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        Arguments.Add(_shell);
    }

    public override IReadOnlyList<string> Examples =>
        ["source <(lake completion bash)", "source <(lake completion zsh)", "lake completion fish | source", "lake completion pwsh | Out-String | Invoke-Expression"];

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        Terminal.Out.WriteLine(Scripts[parsed.GetValue(_shell)!].ReplaceLineEndings("\n"));
        return Task.FromResult(ExitCode.Done);
    }
}
