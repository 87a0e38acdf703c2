namespace Orchestrator.EndToEnd.Tool;

/// <summary>The product's own sources in a temporary folder: a build there leaves the repository's as it is.</summary>
internal sealed class RepositoryCopy : IDisposable
{
    private static readonly string[] Left = ["bin", "obj", "artifacts"];

    private RepositoryCopy(string root) => Root = root;

    public string Root { get; }

    public static RepositoryCopy Create(string repository)
    {
        var copy = new RepositoryCopy(Directory.CreateTempSubdirectory("orchestrator-copy-").FullName);
        foreach (var file in Directory.GetFiles(repository))
            File.Copy(file, Path.Combine(copy.Root, Path.GetFileName(file)));
        foreach (var folder in (string[])["src", "build", "sweeps"])
            Copy(Path.Combine(repository, folder), Path.Combine(copy.Root, folder));
        return copy;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.GetDirectories(from).Where(f => !Left.Contains(Path.GetFileName(f))))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
