namespace Orchestrator.Torch.Native;

/// <summary>The versions that the shared libraries of this process supply.</summary>
internal static class SystemLibraries
{
    /// <summary>What a library that is loaded supplies; <see langword="null"/>: it is not loaded, or cannot be read.</summary>
    /// <param name="name">Its name, e.g. <c>libstdc++.so.6</c>.</param>
    public static IReadOnlyCollection<string>? Definitions(string name)
    {
        foreach (var path in Candidates(File.ReadLines("/proc/self/maps"), name))
        {
            try
            {
                var image = ElfImage.Parse(File.ReadAllBytes(path));
                if (image.Name == name)
                    return image.Definitions;
            }
            catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                // Replaced meanwhile, or of another kind: the next one may be it.
            }
        }

        return null;
    }

    /// <summary>Of the files in a process's memory map, those that may be a library: <c>libstdc++.so.6.0.30</c> or <c>libc-2.31.so</c> for <c>libstdc++.so.6</c> or <c>libc.so.6</c>.</summary>
    internal static IEnumerable<string> Candidates(IEnumerable<string> maps, string name)
    {
        var stem = name.Split(".so")[0];
        return maps
            .Select(line => line.IndexOf('/', StringComparison.Ordinal) is >= 0 and var at ? line[at..] : "")
            .Where(path => Path.GetFileName(path) is var file
                && (file.StartsWith(stem + ".so", StringComparison.Ordinal) || file.StartsWith(stem + "-", StringComparison.Ordinal)))
            .Distinct();
    }
}
