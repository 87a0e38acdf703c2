using System.Diagnostics;
using System.Text.Json;

namespace Orchestrator.EndToEnd.Support;

/// <summary>The real program in a temporary folder of its own, which is its current folder and holds its home; deleted at the end.</summary>
internal sealed class ProgramHome : IDisposable
{
    /// <summary>Which program; the tests' own (Orchestrator.Zoo) has trainables that behave badly.</summary>
    public string Program { get; init; } = "Orchestrator.App";

    public string Folder { get; } = Directory.CreateTempSubdirectory("orchestrator-e2e-").FullName;

    /// <summary>The program's temporary folder: what a killed .NET process leaves there goes with it.</summary>
    public string Scratch { get; } = Directory.CreateTempSubdirectory("orchestrator-e2e-").FullName;

    public string Database => Path.Combine(Folder, ".orchestrator", "orchestrator.db");

    /// <summary>Which way it starts processes; <see langword="null"/>: the one of this system.</summary>
    public string? Way
    {
        init
        {
            if (value is not null)
                Environment["ORCHESTRATOR_PROCESSES"] = value;
        }
    }

    /// <summary>Whether it is the first of a process group, as a shell makes it: a terminal's signal goes to all in it.</summary>
    public bool InOwnSession { get; init; }

    /// <summary>Variables of the program's environment, beside what the tests' own has.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>Writes a file into the folder and returns its name.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(Path.Combine(Folder, name), text);
        return name;
    }

    /// <summary>Runs the program to its end.</summary>
    public async Task<ProgramResult> RunAsync(params string[] args)
    {
        using var process = Start(args);
        return await ResultAsync(process);
    }

    /// <summary>Starts the program; both of its streams are redirected and must be read.</summary>
    public Process Start(params string[] args) => StartProgram(Program, args);

    /// <summary>As <see cref="Start"/>, with another program that lies beside the tests.</summary>
    public Process StartProgram(string program, params string[] args)
    {
        // Whoever starts the tests in the background makes them ignore SIGINT, and their children with them: env sets it right.
        var start = new ProcessStartInfo(
            "env", ["--default-signal=INT", .. (ReadOnlySpan<string>)(InOwnSession ? ["setsid"] : []), "dotnet", Path.Combine(AppContext.BaseDirectory, program + ".dll"), .. args])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("Orchestrator", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        start.Environment["TMPDIR"] = Scratch;
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    /// <summary>What another program comes to.</summary>
    public static async Task<ProgramResult> RunAsync(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        return await ResultAsync(process);
    }

    private static async Task<ProgramResult> ResultAsync(Process process)
    {
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await EndAsync(process);
        return new ProgramResult(process.ExitCode, await output, await error);
    }

    /// <summary>Waits for the end; a program that hangs is killed and fails the test.</summary>
    public static async Task EndAsync(Process process)
    {
        using var deadline = new CancellationTokenSource(Patience.Deadline);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The program did not end within {Patience.Deadline}.");
        }
    }

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        Directory.Delete(Scratch, recursive: true);
    }
}

/// <summary>How the program ended, and what it printed.</summary>
internal sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    /// <summary>The one document on standard output.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;
}
