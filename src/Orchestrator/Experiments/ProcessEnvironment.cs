using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Orchestrator.Experiments;

/// <summary>
/// What makes the results of this process beside their parameters: the code's commit, versions, host, devices. Found out once, when the
/// first run begins; what takes longer (whether the working tree differs from the commit) is added when it is known. Nothing of it
/// can fail a run or hold it up.
/// </summary>
internal static class ProcessEnvironment
{
    private static readonly Lazy<Holder> Found = new(Begin);

    /// <summary>As JSON, as it is known by now. The same text object until more is known.</summary>
    public static string Current => Found.Value.Text;

    /// <summary>Completes when all is known.</summary>
    public static Task Complete => Found.Value.Complete;

    private static Holder Begin()
    {
        var folder = Environment.CurrentDirectory;
        var repository = GitRepository.Find(folder);
        var holder = new Holder { Text = Write(repository, null) };
        if (repository is null)
            return holder;
        using (ExecutionContext.SuppressFlow()) // it belongs to no run
        {
            holder.Complete = Task.Run(async () =>
            {
                if (await repository.IsDirtyAsync().ConfigureAwait(false) is { } dirty)
                    holder.Text = Write(repository, dirty);
            });
        }

        return holder;
    }

    private static string Write(GitRepository? repository, bool? dirty)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, ParameterJson.Relaxed))
        {
            json.WriteStartObject();
            json.WriteString("commit", repository?.Commit);
            json.WriteString("branch", repository?.Branch);
            json.WritePropertyName("dirty");
            if (dirty is { } known)
                json.WriteBooleanValue(known);
            else
                json.WriteNullValue();
            var program = Assembly.GetEntryAssembly();
            json.WriteString("program", program?.GetName().Name);
            json.WriteString("programVersion", VersionOf(program));
            json.WriteString("orchestratorVersion", VersionOf(typeof(ProcessEnvironment).Assembly));
            json.WriteString("framework", RuntimeInformation.FrameworkDescription);
            json.WriteString("os", RuntimeInformation.OSDescription);
            json.WriteString("architecture", RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant());
            json.WriteString("host", Environment.MachineName);
            json.WriteNumber("processors", Environment.ProcessorCount);
            json.WriteNumber("memoryBytes", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
            json.WriteStartArray("devices");
            foreach (var device in Devices())
                json.WriteStringValue(device);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static string? VersionOf(Assembly? assembly) =>
        assembly?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? assembly?.GetName().Version?.ToString();

    /// <summary>The processors, and the GPUs that NVIDIA's driver names.</summary>
    private static IEnumerable<string> Devices()
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"cpu x{Environment.ProcessorCount}");
        foreach (var file in Gpus())
        {
            if (ModelIn(file) is { } model)
                yield return model;
        }
    }

    private static string[] Gpus()
    {
        try
        {
            return [.. Directory.EnumerateFiles("/proc/driver/nvidia/gpus", "information", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string? ModelIn(string file)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault(l => l.StartsWith("Model:", StringComparison.Ordinal))?["Model:".Length..].Trim();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private sealed class Holder
    {
        private volatile string _text = "{}";

        public string Text
        {
            get => _text;
            set => _text = value;
        }

        public Task Complete { get; set; } = Task.CompletedTask;
    }
}
