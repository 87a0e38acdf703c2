using System.Text.Json;
using System.Text.Json.Serialization;
using Orchestrator.Sweeps;

namespace Orchestrator.Web.Hosting;

/// <summary>What a host says of itself in the home that it serves, for the verbs that look for it there. Knows nothing of the web server.</summary>
/// <param name="ProcessId">Its process.</param>
/// <param name="Urls">Where it listens.</param>
/// <param name="Token">What a verb of this home carries.</param>
/// <param name="StartedAt">When it was started.</param>
internal sealed record ServeRecord(int ProcessId, IReadOnlyList<string> Urls, string Token, DateTimeOffset StartedAt)
{
    private const string FileName = "host.json";

    /// <summary>The host that serves a home now; <see langword="null"/> if there is none, or if it does not listen yet.</summary>
    public static ServeRecord? Find(string home)
    {
        var folder = FolderIn(home);
        if (!SweepLock.IsHeld(folder))
            return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(Path.Combine(folder, FileName)), ServeRecordJson.Default.ServeRecord);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Makes the caller the host of a home, until what comes back is disposed; <see langword="null"/> if there is one.</summary>
    public static SweepLock? TryTake(string home)
    {
        var held = SweepLock.TryTake(FolderIn(home));
        if (held is not null)
            File.Delete(Path.Combine(FolderIn(home), FileName)); // a killed host had no time to
        return held;
    }

    /// <summary>Writes it where only its owner reads it.</summary>
    public void Write(string home)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var path = Path.Combine(FolderIn(home), FileName);
        using (var file = new FileStream(path + ".new", options))
            JsonSerializer.Serialize(file, this, ServeRecordJson.Default.ServeRecord);
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Removes it: the host listens no more.</summary>
    public static void Remove(string home) => File.Delete(Path.Combine(FolderIn(home), FileName));

    private static string FolderIn(string home) => Path.Combine(home, "serve");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ServeRecord))]
internal sealed partial class ServeRecordJson : JsonSerializerContext;
