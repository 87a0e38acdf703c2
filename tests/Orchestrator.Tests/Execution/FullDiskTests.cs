using Orchestrator.Execution;

namespace Orchestrator.Tests.Execution;

public sealed class FullDiskTests
{
    [Theory]
    [InlineData("OSError: [Errno 28] No space left on device: 'x'")] // Python
    [InlineData("panic: write /x: no space left on device")] // Go
    [InlineData("  errno: -28, code: 'ENOSPC'")] // Node
    [InlineData("cp: error writing 'x': Disk quota exceeded")]
    [InlineData("sqlite3.OperationalError: database or disk is full")]
    [InlineData("OSError: [Errno 27] File too large")] // Python under ulimit -f
    public void LineIn_WhatProgramsSay_IsFound(string line) => Assert.Equal(line.Trim(), FullDisk.LineIn($"Traceback\n{line}\nmore"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("[Errno 2] No such file or directory\nValueError: 28 is too large")]
    [InlineData("nvlink error: Internal error 28\nThe device is full of surprises")]
    public void LineIn_OtherWords_IsNone(string? text) => Assert.Null(FullDisk.LineIn(text));

    [Fact]
    public void LineIn_SeveralLines_IsTheLast() => Assert.Equal("b: ENOSPC", FullDisk.LineIn("a: ENOSPC\nb: ENOSPC\nc"));

    [Fact]
    public void Holds_FolderWithRoom_IsFalseAndLeavesNothing()
    {
        var folder = Directory.CreateTempSubdirectory("orchestrator-disk-");
        Assert.False(FullDisk.Holds(folder.FullName));
        Assert.Empty(folder.GetFiles());
        folder.Delete();
        Assert.False(FullDisk.Holds(folder.FullName)); // gone is not full
    }
}
