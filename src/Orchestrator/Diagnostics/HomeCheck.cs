using Orchestrator.Hosting;

namespace Orchestrator.Diagnostics;

/// <summary>Whether results can be kept: the home may be written and the disk has room.</summary>
internal sealed class HomeCheck(OrchestratorHome home) : IDoctorCheck
{
    private const long LittleRoom = 1L << 30;
    private const long NoRoom = 100L << 20;
    private const string Elsewhere = "Choose another home with --home, ORCHESTRATOR_HOME or Orchestrator:Home.";

    public string Name => "home";

    public Task<IReadOnlyList<DoctorFinding>> CheckAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DoctorFinding>>([Writable(), .. Room()]);

    private DoctorFinding Writable()
    {
        var folder = Existing();
        if (Above(home.Path).FirstOrDefault(File.Exists) is { } file)
            return DoctorFinding.Error($"{home.Path} cannot be written: {file} is a file", Elsewhere);
        try
        {
            // What may be written is best found out by writing.
            var probe = Path.Combine(folder, $".doctor-{Guid.NewGuid():N}");
            using (new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
            {
            }

            return DoctorFinding.Ok(folder == home.Path ? $"{home.Path} is writable" : $"{home.Path} is made by the first sweep; {folder} is writable");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return DoctorFinding.Error($"{home.Path} cannot be written: {cause.Message}", Elsewhere);
        }
    }

    private IEnumerable<DoctorFinding> Room()
    {
        long free;
        try
        {
            free = new DriveInfo(Existing()).AvailableFreeSpace;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return [DoctorFinding.Warning($"the free room on the disk cannot be told: {cause.Message}", "Look with df.")];
        }

        var said = $"{ByteText.Of(free)} free on its disk";
        return free < NoRoom ? [DoctorFinding.Error(said, $"Make room, or: {Elsewhere}")]
            : free < LittleRoom ? [DoctorFinding.Warning(said, "Make room: the verb 'rm' removes sweeps that are no longer needed.")]
            : [DoctorFinding.Ok(said)];
    }

    /// <summary>The home, or the nearest folder above it that exists.</summary>
    private string Existing() => Above(home.Path).First(Directory.Exists);

    private static IEnumerable<string> Above(string path)
    {
        for (var folder = path; folder is not null; folder = Path.GetDirectoryName(folder))
            yield return folder;
    }
}
