using System.ComponentModel;
using System.Diagnostics;

namespace Orchestrator.Diagnostics;

/// <summary>The GPUs, as <c>nvidia-smi</c> knows them. None is fine.</summary>
internal sealed class GpuCheck : IDoctorCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public string Name => "gpus";

    /// <summary>The program that is asked; tests put another one in its place.</summary>
    public string Program { get; init; } = "nvidia-smi";

    public async Task<IReadOnlyList<DoctorFinding>> CheckAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return await AskAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Win32Exception)
        {
            return [DoctorFinding.Ok($"none: there is no {Program} here; runs use the processors")];
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [DoctorFinding.Warning($"{Program} did not answer within {Patience.TotalSeconds:0} s", "The driver hangs; restart the machine.")];
        }
    }

    private async Task<IReadOnlyList<DoctorFinding>> AskAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "--query-gpu=index,name,memory.total,memory.used,driver_version", "--format=csv,noheader" })
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        try
        {
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (process.ExitCode != 0)
            {
                var said = (output + await error.ConfigureAwait(false)).Trim().ReplaceLineEndings(" ");
                return [DoctorFinding.Warning($"{Program} ended with {process.ExitCode}: {said}", "Look after the driver; until then runs use the processors.")];
            }

            return lines.Length == 0 ? [DoctorFinding.Ok("none")] : [.. lines.Select(Gpu)];
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static DoctorFinding Gpu(string line) => line.Split(", ") is [var index, var name, var total, var used, var driver]
        ? DoctorFinding.Ok($"{index}: {name}, {total} ({used} used), driver {driver}")
        : DoctorFinding.Ok(line);
}
