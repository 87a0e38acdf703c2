using System.Globalization;
using Microsoft.Extensions.Options;
using Orchestrator.Execution.Processes;

namespace Orchestrator.Diagnostics;

/// <summary>The processors and the memory that this process may use, as control groups limit them.</summary>
internal sealed class MachineCheck(IOptions<OrchestratorOptions> options) : IDoctorCheck
{
    private const long LittleMemory = 512L << 20;
    private const string ControlGroup = "/sys/fs/cgroup";

    public string Name => "machine";

    public Task<IReadOnlyList<DoctorFinding>> CheckAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DoctorFinding>>([Processors(), Memory(), Files(OpenFiles.Limit, options.Value.Workers ?? Environment.ProcessorCount), DoctorFinding.Ok($"processes of runs are started {ProcessWays.Description}")]);

    private static DoctorFinding Processors()
    {
        var count = Environment.ProcessorCount;
        var quota = CpuQuota();
        var said = count == 1 ? "1 processor" : $"{count} processors";
        return DoctorFinding.Ok(quota is { } cpus
            ? string.Create(CultureInfo.InvariantCulture, $"{said}; its control group may use {cpus:0.##}")
            : $"{said}, no limit by a control group");
    }

    internal static DoctorFinding Files(long? limit, int workers)
    {
        if (limit is not { } most)
            return DoctorFinding.Ok("no limit of open files is known");
        var enough = OpenFiles.EnoughFor(workers);
        return most < enough
            ? DoctorFinding.Warning(
                string.Create(CultureInfo.InvariantCulture, $"{most} open files for this process are few: {workers} {(workers == 1 ? "run" : "runs")} at once may take {enough}"),
                $"Raise the limit (ulimit -n {Math.Max(1024, enough)}), or run fewer at once (--workers).")
            : DoctorFinding.Ok(string.Create(CultureInfo.InvariantCulture, $"{most} open files for this process, enough for {OpenFiles.RunsWithin(most)} runs at once"));
    }

    private static DoctorFinding Memory()
    {
        var memory = GC.GetGCMemoryInfo();
        var limit = Read("memory.max") is { } text && long.TryParse(text, CultureInfo.InvariantCulture, out var bytes) ? bytes : (long?)null;
        var said = $"{ByteText.Of(memory.TotalAvailableMemoryBytes)} of memory for this process"
            + (limit is { } most ? $" (its control group: {ByteText.Of(most)})" : ", no limit by a control group");
        return memory.TotalAvailableMemoryBytes < LittleMemory
            ? DoctorFinding.Warning(said, "Give it more, or run fewer at once (--workers).")
            : DoctorFinding.Ok(said);
    }

    /// <summary>The processors' worth of time that a control group (version 2) grants; <see langword="null"/>: all there is.</summary>
    private static double? CpuQuota() =>
        Read("cpu.max")?.Split(' ') is [var quota, var period]
        && double.TryParse(quota, CultureInfo.InvariantCulture, out var granted) && double.TryParse(period, CultureInfo.InvariantCulture, out var of) && of > 0
            ? granted / of
            : null;

    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(ControlGroup, file)).Trim();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
