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
    /// <exception cref="WebSettingsException">One of them is wrong; the message names every one that is.</exception>
    public IReadOnlyList<Schedule> Read()
    {
        var configured = settings.GetSection(Section).Get<Dictionary<string, ScheduleOptions>>() ?? [];
        List<Schedule> all =
        [
            .. configured.Select(c => new Schedule(c.Key, c.Value, IsConfigured: true)),
            .. Stored().Where(s => !configured.ContainsKey(s.Name)),
        ];
        var problems = all.SelectMany(s => ScheduleRules.Problems(s).Select(problem => $"{Where(s)}: {problem}")).ToList();
        return problems.Count == 0 ? [.. all.OrderBy(s => s.Name, StringComparer.Ordinal)] : throw new WebSettingsException(string.Join(Environment.NewLine, problems));
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

    private IEnumerable<Schedule> Stored()
    {
        if (!Directory.Exists(Folder))
            yield break;
        foreach (var path in Directory.EnumerateFiles(Folder, "*" + Extension))
            yield return new Schedule(Path.GetFileNameWithoutExtension(path), ReadFile(path), IsConfigured: false);
    }

    private static ScheduleOptions ReadFile(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), ScheduleJson.Default.ScheduleOptions) ?? new ScheduleOptions();
        }
        catch (JsonException cause)
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
