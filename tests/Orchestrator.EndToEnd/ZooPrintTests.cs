using System.Globalization;
using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>Runs that print more than anybody wants to keep.</summary>
public class ZooPrintTests
{
    /// <summary>More than a process may have in memory, so that one which kept it all would be seen.</summary>
    private const long AGreatDeal = 400_000_000;
    private const long MostMemory = 250_000_000;

    /// <summary>Which way processes are started; <see langword="null"/>: the one of this system.</summary>
    protected virtual string? Way => null;

    /// <summary>How much the trainable prints.</summary>
    protected virtual long Bytes => 1_000_000_000;

    [Fact]
    public Task Trainable_PrintsAGigabyte_LogIsCappedAndMemoryFlat() => PrintAsync($$"""
        trainable: bad
        parameters: {how: prints, bytes: {{Bytes}}}
        isolation: process

        """);

    [Fact]
    public Task Command_PrintsAGreatDeal_LogIsCappedAndMemoryFlat() => PrintAsync($$"""
        command: [sh, -c, 'echo "{\"loss\": 1}"; yes aGreatDealOfText | head -c {{AGreatDeal}}']
        parameters: {x: 1}

        """);

    private async Task PrintAsync(string sweep)
    {
        using var home = new ProgramHome { Program = "Orchestrator.Zoo", Way = Way };
        var file = home.Write("zoo.yaml", sweep + "metric: {name: loss, goal: minimize}\n");
        using var process = home.Start("sweep", file, "--workers", "1", "--no-progress");
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();

        var most = 0L;
        var ended = process.WaitForExitAsync();
        while (await Task.WhenAny(ended, Task.Delay(100)) != ended)
            most = Math.Max(most, Processes.With(home.Folder).Select(PeakOf).DefaultIfEmpty().Max());

        Assert.True(process.ExitCode == 0, await error + await output);
        var log = new FileInfo(Directory.EnumerateFiles(home.Folder, "run.log", SearchOption.AllDirectories).Single());
        Assert.InRange(log.Length, 9_000_000, 11_000_000);
        Assert.InRange(most, 1, MostMemory);
    }

    /// <summary>The most that a process had in memory so far, as the system keeps count: how often one looks does not matter.</summary>
    private static long PeakOf(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line[6..^2], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // it has ended
        }
    }
}

/// <summary>The same, with processes that are started by what .NET has on every system.</summary>
public sealed class PortableZooPrintTests : ZooPrintTests
{
    protected override string? Way => "portable";

    protected override long Bytes => 400_000_000;
}
