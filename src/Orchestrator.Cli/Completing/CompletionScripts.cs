namespace Orchestrator.Cli.Completing;

/// <summary>
/// The scripts by which shells ask the program what may follow: each calls it as <c>PROGRAM [suggest:POSITION] "what was typed after its
/// name"</c>, which prints a line for each possibility. The program is called as it was typed, so that a path works, too.
/// </summary>
internal static class CompletionScripts
{
    public static IReadOnlyDictionary<string, Func<string, string>> All { get; } = new Dictionary<string, Func<string, string>>
    {
        ["bash"] = Bash,
        ["zsh"] = Zsh,
        ["fish"] = Fish,
        ["pwsh"] = PowerShell,
    };

    private static string Function(string program) => "_" + string.Concat(program.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')) + "_complete";

    private static string Bash(string program) =>
        $$"""
        # bash completion. Now: source <({{program}} completion bash)
        # For every shell:  {{program}} completion bash >> ~/.bash_completion
        {{Function(program)}}() {
            local line="${COMP_LINE:0:COMP_POINT}" word="${COMP_WORDS[COMP_CWORD]}" found
            case "$line" in
                *[[:space:]]*) line="${line#*[[:space:]]}" ;;
                *) return ;;
            esac
            COMPREPLY=()
            while IFS= read -r found; do
                # Options only where one is begun: they would hide everything else.
                [[ "$found" == -* && "$word" != -* ]] && continue
                [[ "$found" == "$word"* ]] && COMPREPLY+=("$found")
            done < <("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)
            if [[ ${#COMPREPLY[@]} -eq 1 && "${COMPREPLY[0]}" == */ ]]; then
                compopt -o nospace 2>/dev/null
            fi
        }
        complete -o default -F {{Function(program)}} {{program}}

        """;

    private static string Zsh(string program) =>
        $$"""
        #compdef {{program}}
        # zsh completion. Now: source <({{program}} completion zsh)
        # For every shell:  {{program}} completion zsh > "${fpath[1]}/_{{program}}"
        {{Function(program)}}() {
            local line="${(j: :)words[2,CURRENT]}" word="${words[CURRENT]}"
            local -a found
            found=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
            [[ "$word" == -* ]] || found=("${(@)found:#-*}")
            found=("${(@)found:#}")
            if (( ${#found} )); then
                compadd -S '' -- "${(@M)found:#*/}"
                compadd -- "${(@)found:#*/}"
            else
                _files
            fi
        }
        compdef {{Function(program)}} {{program}}

        """;

    private static string Fish(string program) =>
        $$"""
        # fish completion. Now: {{program}} completion fish | source
        # For every shell:  {{program}} completion fish > ~/.config/fish/completions/{{program}}.fish
        function {{Function(program)}}
            set -l words (commandline -opc)
            set -l word (commandline -ct)
            set -l line (string join ' ' -- $words[2..-1] "$word")
            set -l found ($words[1] "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)
            if not string match -q -- '-*' "$word"
                set found (string match -v -- '-*' $found)
            end
            printf '%s\n' $found
        end
        complete -c {{program}} -f -a '({{Function(program)}})'

        """;

    private static string PowerShell(string program) =>
        $$"""
        # PowerShell completion. Now: {{program}} completion pwsh | Out-String | Invoke-Expression
        # For every shell:  add that line to $PROFILE
        Register-ArgumentCompleter -Native -CommandName {{program}} -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $words = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
            $line = ($words | Select-Object -Skip 1) -join ' '
            if ($wordToComplete -eq '') { $line = "$line " }
            & $words[0] "[suggest:$($line.Length)]" $line 2>$null |
                Where-Object { $_ -like "$wordToComplete*" -and ($wordToComplete -like '-*' -or $_ -notlike '-*') } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }

        """;
}
