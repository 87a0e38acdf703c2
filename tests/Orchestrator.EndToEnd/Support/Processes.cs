using System.Globalization;

namespace Orchestrator.EndToEnd.Support;

/// <summary>Looks for what a program may have left behind.</summary>
internal static class Processes
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Ids of the living processes whose command line or environment holds a text.</summary>
    public static int[] With(string text) => [.. Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id > 0 && id != Environment.ProcessId && (Holds(id, "cmdline", text) || Holds(id, "environ", text)))];

    /// <summary>Fails unless no process with the text is left; a killed one may need a moment to be gone.</summary>
    public static async Task NoneIsLeftAsync(string text)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        int[] left;
        while ((left = With(text)).Length > 0 && !deadline.IsCancellationRequested)
            await Task.Delay(20);
        Assert.True(left.Length == 0, $"Processes {string.Join(", ", left)} are left.");
    }

    private static bool Holds(int id, string file, string text)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}").Contains(text, StringComparison.Ordinal);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
