namespace Orchestrator.Tracking;

/// <summary>Reads the options of a tracker. They were validated with the sweep file; what code passes is checked here.</summary>
internal static class TrackerOptions
{
    public static bool Flag(TrackerReference reference, string name, bool fallback) =>
        reference.Options.TryGetValue(name, out var value) ? value.AsBoolean() : fallback;

    /// <exception cref="ArgumentException">It is none of the choices; the message lists them.</exception>
    public static string Choice(TrackerReference reference, string name, IReadOnlyList<string> choices, string fallback)
    {
        if (!reference.Options.TryGetValue(name, out var value))
            return fallback;
        var text = value.ToString();
        return choices.Contains(text, StringComparer.Ordinal)
            ? text
            : throw new ArgumentException(
                $"The option '{name}' of tracker '{reference.Type}' is one of {string.Join(", ", choices)}; got '{text}'.");
    }
}
