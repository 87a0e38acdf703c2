using Orchestrator.Experiments;

namespace Orchestrator.Tests.Experiments;

public sealed class GitRepositoryTests : IDisposable
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";
    private readonly string _folder = Directory.CreateTempSubdirectory("orchestrator-git-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Find_FolderBelowARepository_ReadsCommitAndBranch()
    {
        Write(".git/HEAD", "ref: refs/heads/topic/one\n");
        Write(".git/refs/heads/topic/one", Commit + "\n");
        var found = GitRepository.Find(Directory.CreateDirectory(Path.Combine(_folder, "a", "b")).FullName)!;
        Assert.Equal((Commit, "topic/one"), (found.Commit, found.Branch));
    }

    [Fact]
    public void Find_PackedReferenceOfAWorkTree_ReadsTheCommonOne()
    {
        Write("tree/.git", $"gitdir: {_folder}/main/.git/worktrees/tree\n");
        Write("main/.git/worktrees/tree/HEAD", "ref: refs/heads/b\n");
        Write("main/.git/worktrees/tree/commondir", "../..\n");
        Write("main/.git/packed-refs", $"# pack-refs with: peeled\nffff refs/heads/bb\n{Commit} refs/heads/b\n");
        Assert.Equal((Commit, "b"), GitRepository.Find(Path.Combine(_folder, "tree")) is { } found ? (found.Commit, found.Branch) : default);
    }

    [Fact]
    public void Find_DetachedHead_HasNoBranch()
    {
        Write(".git/HEAD", Commit + "\n");
        Assert.Equal((Commit, null), GitRepository.Find(_folder) is { } found ? (found.Commit, found.Branch) : default);
    }

    [Fact]
    public async Task IsDirty_BrokenRepository_IsNotKnown()
    {
        Write(".git/HEAD", "rubbish\n");
        Assert.Null(await GitRepository.Find(_folder)!.IsDirtyAsync());
    }

    private void Write(string file, string text)
    {
        var path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
