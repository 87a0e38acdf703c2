using System.ComponentModel;
using System.Diagnostics;

namespace Orchestrator.Experiments;

/// <summary>
/// The repository that a folder lies in. The commit is read from its files, which takes no time and needs no program; only whether
/// something differs from it is asked of <c>git</c>, for a limited time.
/// </summary>
internal sealed class GitRepository
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly string _root;

    private GitRepository(string root, string? commit, string? branch) => (_root, Commit, Branch) = (root, commit, branch);

    /// <summary>The commit, 40 or 64 hexadecimal digits; <see langword="null"/>: there is none yet, or it cannot be told.</summary>
    public string? Commit { get; }

    /// <summary>The branch; <see langword="null"/>: none is checked out.</summary>
    public string? Branch { get; }

    /// <summary>The repository of a folder; <see langword="null"/>: it lies in none.</summary>
    public static GitRepository? Find(string folder)
    {
        try
        {
            for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
            {
                var path = Path.Combine(at.FullName, ".git");
                if (Directory.Exists(path))
                    return Read(at.FullName, path);
                if (File.Exists(path) && First(path) is { } line && line.StartsWith("gitdir: ", StringComparison.Ordinal))
                    return Read(at.FullName, Path.GetFullPath(line["gitdir: ".Length..], at.FullName)); // a work tree beside the repository
            }
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // It is somebody's repository, and not ours to complain about.
        }

        return null;
    }

    /// <summary>Whether a tracked file differs from the commit; <see langword="null"/>: git is missing, or did not say in time.</summary>
    public async Task<bool?> IsDirtyAsync()
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["--no-optional-locks", "-c", "core.fsmonitor=false", "status", "--porcelain", "--untracked-files=no"])
            {
                WorkingDirectory = _root,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                RedirectStandardInput = true,
            })!;
            git.StandardInput.Close();
            using var limit = new CancellationTokenSource(Patience);
            try
            {
                var errors = git.StandardError.ReadToEndAsync(limit.Token);
                var changes = await git.StandardOutput.ReadToEndAsync(limit.Token).ConfigureAwait(false);
                await errors.ConfigureAwait(false);
                await git.WaitForExitAsync(limit.Token).ConfigureAwait(false);
                return git.ExitCode == 0 ? changes.Length > 0 : null;
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                git.Kill(entireProcessTree: true);
                return null;
            }
        }
        catch (Exception cause) when (cause is Win32Exception or IOException or InvalidOperationException)
        {
            return null;
        }
    }

    private static GitRepository Read(string root, string folder)
    {
        var head = First(Path.Combine(folder, "HEAD"));
        if (head is null || !head.StartsWith("ref: ", StringComparison.Ordinal))
            return new(root, head, null);
        var name = head["ref: ".Length..];
        var common = First(Path.Combine(folder, "commondir")) is { } other ? Path.GetFullPath(other, folder) : folder;
        var commit = First(Path.Combine(folder, name)) ?? First(Path.Combine(common, name)) ?? Packed(Path.Combine(common, "packed-refs"), name);
        return new(root, commit, name.StartsWith("refs/heads/", StringComparison.Ordinal) ? name["refs/heads/".Length..] : name);
    }

    private static string? Packed(string file, string name) =>
        File.Exists(file) ? File.ReadLines(file).FirstOrDefault(l => l.EndsWith(" " + name, StringComparison.Ordinal))?.Split(' ')[0] : null;

    private static string? First(string file) => File.Exists(file) ? File.ReadLines(file).FirstOrDefault()?.Trim() : null;
}
