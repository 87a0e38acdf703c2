using System.Diagnostics;
using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>The completion script of bash, sourced in bash, on the real program.</summary>
public sealed class CompletionTests : IDisposable
{
    private readonly ProgramHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Bash_SourcedScript_CompletesVerbsOptionsWordsFilesAndSweeps()
    {
        _home.Write("points.yaml", """
            trainable: function
            metric: {name: value, goal: minimize}
            parameters: {x: [1, 2]}
            """);
        _home.Write("notes.txt", "");
        Directory.CreateDirectory(Path.Combine(_home.Folder, "folder"));
        var swept = await _home.RunAsync("sweep", "points.yaml", "--json");
        var id = swept.Json.GetProperty("sweep").GetProperty("id").GetString()!;

        var found = await CompleteAsync("orchestrator expo", "orchestrator export --whe", "orchestrator export --format ", "orchestrator sweep ",
            "orchestrator status ", "orchestrator rm 2", "orchestrator runs --sort metrics.", "orchestrator completion z", "orchestrator nonesuch ");

        Assert.Equal(["export"], found[0]);
        Assert.Equal(["--where"], found[1]);
        Assert.Equal(["csv", "jsonl"], found[2]);
        Assert.Equal(["folder/", "points.yaml"], found[3]);
        Assert.Equal([id, "points"], found[4]);
        Assert.Equal([id], found[5]);
        Assert.Equal(["metrics.value"], found[6]);
        Assert.Equal(["zsh"], found[7]);
    }

    /// <summary>What bash would offer for each line, the cursor at its end.</summary>
    private async Task<List<string[]>> CompleteAsync(params string[] lines)
    {
        // bash calls the function that the script registers with these variables set; so does this.
        _home.Write("try.sh", $$"""
            orchestrator() { dotnet "{{Path.Combine(AppContext.BaseDirectory, "Orchestrator.App.dll")}}" "$@"; }
            source <(orchestrator completion bash) || exit 1
            registered=$(complete -p orchestrator) || exit 1
            [[ "$registered" =~ -F\ ([^ ]+) ]] || exit 1
            while IFS= read -r COMP_LINE; do
                COMP_POINT=${#COMP_LINE}
                read -ra COMP_WORDS <<< "$COMP_LINE"
                [[ "$COMP_LINE" == *' ' ]] && COMP_WORDS+=("")
                COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
                "${BASH_REMATCH[1]}"
                echo "${COMPREPLY[*]}"
            done
            """);
        var start = new ProcessStartInfo("bash", ["--norc", "--noprofile", "try.sh"])
        {
            WorkingDirectory = _home.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(string.Concat(lines.Select(l => l + "\n")));
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync();
        await ProgramHome.EndAsync(process);
        Assert.True(process.ExitCode == 0, await error);
        return [.. output.Split('\n').Take(lines.Length).Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
    }
}
