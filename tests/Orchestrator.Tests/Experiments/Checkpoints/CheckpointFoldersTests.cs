using Orchestrator.Experiments.Checkpoints;

namespace Orchestrator.Tests.Experiments.Checkpoints;

public sealed class CheckpointFoldersTests : IDisposable
{
    private readonly string _run = Directory.CreateTempSubdirectory("orchestrator-test-").FullName;

    public void Dispose() => Directory.Delete(_run, recursive: true);

    [Fact]
    public void PrepareForProgram_FirstAttempt_IsEmpty()
    {
        var folder = CheckpointFolders.PrepareForProgram(_run, 1).Path;

        Assert.Equal(Path.Combine(_run, "checkpoints/attempt-1"), folder);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    [Fact]
    public void PrepareForProgram_KilledBetweenTheTwoFolders_IsMadeAndEmpty()
    {
        Directory.CreateDirectory(Path.Combine(_run, "checkpoints"));

        Assert.Empty(Directory.EnumerateFileSystemEntries(CheckpointFolders.PrepareForProgram(_run, 1).Path));
    }

    [Fact]
    public void PrepareForProgram_TheAttemptBeforeLeftNothing_IsEmpty() =>
        Assert.Equal(Path.Combine(_run, "checkpoints/attempt-2"), CheckpointFolders.PrepareForProgram(_run, 2).Path);

    [Fact]
    public void PrepareForProgram_LaterAttempt_HasACopyOfTheNewest()
    {
        var first = CheckpointFolders.PrepareForProgram(_run, 1).Path;
        Directory.CreateDirectory(Path.Combine(first, "epoch-3", "shards"));
        File.WriteAllText(Path.Combine(first, "epoch-3", "shards", "0.bin"), "weights");
        File.WriteAllText(Path.Combine(first, "state.pt"), "one");
        File.WriteAllText(Path.Combine(first, "state.pt.tmp"), "half");
        File.WriteAllText(Path.Combine(first, ".lock"), "");
        File.CreateSymbolicLink(Path.Combine(first, "latest"), "epoch-3");

        var second = CheckpointFolders.PrepareForProgram(_run, 2).Path;
        File.WriteAllText(Path.Combine(second, "state.pt"), "two");

        Assert.Null(CheckpointFolders.PrepareForProgram(Directory.CreateDirectory(Path.Combine(_run, "other")).FullName, 2).SavedAt);
        Assert.Equal("one", File.ReadAllText(Path.Combine(first, "state.pt"))); // a copy, not the same file
        Assert.Equal(["epoch-3", "latest", "state.pt"], Directory.EnumerateFileSystemEntries(second).Select(Path.GetFileName).Order());
        Assert.Equal("weights", File.ReadAllText(Path.Combine(second, "latest", "shards", "0.bin")));
        var (third, savedAt) = CheckpointFolders.PrepareForProgram(_run, 3);
        Assert.Equal(File.GetLastWriteTimeUtc(Path.Combine(second, "state.pt")), savedAt);
        Assert.Equal("two", File.ReadAllText(Path.Combine(third, "state.pt")));
        Assert.Equal(["attempt-2", "attempt-3"], Directory.EnumerateDirectories(Path.Combine(_run, "checkpoints")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void PrepareForProgram_KilledWhilePreparing_IsMadeAnew()
    {
        File.WriteAllText(Path.Combine(CheckpointFolders.PrepareForProgram(_run, 1).Path, "state.pt"), "one");
        Directory.CreateDirectory(Path.Combine(_run, "checkpoints/attempt-2.tmp"));
        File.WriteAllText(Path.Combine(_run, "checkpoints/attempt-2.tmp/state.pt"), "o");

        var folder = CheckpointFolders.PrepareForProgram(_run, 2).Path;

        Assert.Equal("one", File.ReadAllText(Path.Combine(folder, "state.pt")));
        Assert.False(Directory.Exists(folder + ".tmp"));
    }

    [Fact]
    public void RemoveLeftovers_AfterAKill_LeavesWhatCountsAndWhatIsNotOurs()
    {
        string[] files = ["step-000001.zip", "step-000002.zip", "step-000003.zip.tmp", "step-notes.txt", "mine.zip"];
        Directory.CreateDirectory(Path.Combine(_run, "checkpoints/attempt-1"));
        foreach (var file in files)
            File.WriteAllText(Path.Combine(_run, "checkpoints/attempt-1", file), "");
        Directory.CreateDirectory(Path.Combine(_run, "checkpoints/attempt-3"));
        File.WriteAllText(Path.Combine(_run, "checkpoints/attempt-3/step-000009.zip"), "");

        CheckpointFolders.RemoveLeftovers(_run, attempt: 2, ["checkpoints/attempt-1/step-000002.zip"]);

        Assert.Equal(
            ["mine.zip", "step-000002.zip", "step-notes.txt"],
            Directory.EnumerateFiles(Path.Combine(_run, "checkpoints/attempt-1")).Select(Path.GetFileName).Order());
        Assert.True(File.Exists(Path.Combine(_run, "checkpoints/attempt-3/step-000009.zip"))); // a later attempt's are not ours to judge
    }
}
