using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Configuration;
using Orchestrator.Hosting;

namespace Orchestrator.Web.Schedules;

/// <summary>
/// The recurring sweeps of a home: those of <c>Orchestrator:Schedules</c>, and one file each for those that were added by the verb. They are
/// kept here rather than in Hangfire's storage, which may be in memory.
/// </summary>
internal sealed class ScheduleBook(OrchestratorHome home, IConfiguration settings)
{
    private const string Section = OrchestratorOptions.Section + ":Schedules";
    private const string Extension = ".json";

    private string Folder => Path.Combine(home.Path, "schedules");

    /// <summary>All of them by name; of two of one name the configured one counts.</summary>
    /// <param name="broken">What is wrong with the files that are left out since they cannot be read or have mistakes, a line each.</param>
    /// <exception cref="WebSettingsException">A configured one is wrong; the message names every one that is.</exception>
    public IReadOnlyList<Schedule> Read(out IReadOnlyList<string> broken)
    {
        var configured = settings.GetSection(Section).Get<Dictionary<string, ScheduleOptions>>() ?? [];
        List<Schedule> all = [.. configured.Select(c => new Schedule(c.Key, c.Value, IsConfigured: true))];
        if (all.SelectMany(Problems).ToList() is { Count: > 0 } problems)
            throw new WebSettingsException(string.Join(Environment.NewLine, problems));
        List<string> wrong = [];
        foreach (var name in StoredNames().Where(n => !configured.ContainsKey(n)))
        {
            try
            {
                all.Add(Checked(new Schedule(name, ReadFile(FileOf(name)), IsConfigured: false)));
            }
            catch (WebSettingsException cause)
            {
                wrong.Add(cause.Message);
            }
        }

        broken = wrong;
        return [.. all.OrderBy(s => s.Name, StringComparer.Ordinal)];
    }

    /// <summary>The one of a name, whatever is wrong with others; <see langword="null"/> if there is none.</summary>
    /// <exception cref="WebSettingsException">It is wrong.</exception>
    public Schedule? Find(string name)
    {
        if (!ScheduleRules.IsName(name))
            return null;
        if (settings.GetSection($"{Section}:{name}").Get<ScheduleOptions>() is { } configured)
            return Checked(new Schedule(name, configured, IsConfigured: true));
        return File.Exists(FileOf(name)) ? Checked(new Schedule(name, ReadFile(FileOf(name)), IsConfigured: false)) : null;
    }

    /// <summary>Adds one, in the place of one of the same name; whether there was one.</summary>
    public bool Put(string name, ScheduleOptions options)
    {
        Directory.CreateDirectory(Folder);
        var (path, isNew) = (FileOf(name), !File.Exists(FileOf(name)));
        var beside = $"{path}.{Guid.NewGuid():N}.tmp";
        File.WriteAllText(beside, JsonSerializer.Serialize(options, ScheduleJson.Default.ScheduleOptions));
        File.Move(beside, path, overwrite: true);
        return !isNew;
    }

    /// <summary>Removes one from the home; whether it was there.</summary>
    public bool Remove(string name)
    {
        if (!ScheduleRules.IsName(name) || !File.Exists(FileOf(name)))
            return false;
        File.Delete(FileOf(name));
        return true;
    }

    private IEnumerable<string> StoredNames() =>
        Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder, "*" + Extension).Select(path => Path.GetFileNameWithoutExtension(path)) : [];

    private Schedule Checked(Schedule schedule) =>
        Problems(schedule).ToList() is { Count: > 0 } problems ? throw new WebSettingsException(string.Join(Environment.NewLine, problems)) : schedule;

    private IEnumerable<string> Problems(Schedule schedule) => ScheduleRules.Problems(schedule).Select(problem => $"{Where(schedule)}: {problem}");

    private static ScheduleOptions ReadFile(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), ScheduleJson.Default.ScheduleOptions) ?? new ScheduleOptions();
        }
        catch (Exception cause) when (cause is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new WebSettingsException($"The schedule '{path}' cannot be read: {cause.Message} Remove the file, and add the schedule again.", cause);
        }
    }

    private string Where(Schedule schedule) => schedule.IsConfigured ? $"{Section}:{schedule.Name}" : $"The schedule '{FileOf(schedule.Name)}'";

    private string FileOf(string name) => Path.Combine(Folder, name + Extension);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true,
    PreferredObjectCreationHandling = JsonObjectCreationHandling.Populate)]
[JsonSerializable(typeof(ScheduleOptions))]
internal sealed partial class ScheduleJson : JsonSerializerContext;
