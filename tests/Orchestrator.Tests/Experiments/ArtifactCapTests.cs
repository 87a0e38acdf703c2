namespace Orchestrator.Tests.Experiments;

/// <summary>What a run may add as artifacts, and write to its log.</summary>
public sealed class ArtifactCapTests : IAsyncDisposable
{
    private readonly ExperimentBench _bench = new();
    private readonly DirectoryInfo _source = Directory.CreateTempSubdirectory("orchestrator-artifacts-");

    public async ValueTask DisposeAsync()
    {
        _source.Delete(recursive: true);
        await _bench.DisposeAsync();
    }

    [Fact]
    public async Task Add_BeyondTheCap_FailsTheRunNamesItAndKeepsTheEarlierOnes()
    {
        var experiment = _bench.New(options: new() { MaxArtifactBytes = 1024 });
        var thrown = await Assert.ThrowsAsync<ArtifactLimitException>(() => experiment.RunAsync(
            async run =>
            {
                await run.AddArtifactAsync(new MemoryStream(new byte[1000]), "first.bin");
                await run.AddArtifactAsync(new MemoryStream(new byte[2048]), "model.bin");
            },
            new() { Id = "one" }));

        var record = (await experiment.FindRunAsync("one"))!;
        Assert.Equal(("model.bin", 1024), (thrown.Artifact, thrown.Limit));
        Assert.Equal((RunState.Failed, FailureKind.ResourceLimit), (record.State, record.Failure!.Kind));
        Assert.Equal(
            "The artifact 'model.bin' of 2.0 KiB (2048 bytes) does not fit: the run may add 1KiB as artifacts, has added 1000 B, "
            + "by ExperimentOptions.MaxArtifactBytes of its experiment. Raise that, or add less.",
            record.Failure.Message);
        Assert.Equal(["first.bin"], (await _bench.DetailsAsync(record)).Artifacts.Select(a => a.Name));
        Assert.Equal(["first.bin"], FilesOf(record));
    }

    [Fact]
    public async Task Add_StreamWithoutALength_CountsWhileItIsWritten()
    {
        var experiment = _bench.New(options: new() { MaxArtifactBytes = 1_000_000 });
        var endless = new Endless();
        var record = await experiment.RunAsync(async run =>
        {
            var thrown = await Assert.ThrowsAsync<ArtifactLimitException>(() => run.AddArtifactAsync(endless, "endless"));
            Assert.Contains("'endless' of at least 1.0 MiB", thrown.Message, StringComparison.Ordinal);
            await run.AddArtifactAsync(new MemoryStream(new byte[1_000_000]), "fits"); // to the last byte: nothing of the other is counted
        });
        Assert.InRange(endless.Given, 1_000_001, 1_300_000);
        Assert.Equal((RunState.Completed, "fits"), (record.State, Assert.Single(FilesOf(record))));
    }

    [Fact]
    public async Task Add_Folder_CountsFileByFile()
    {
        foreach (var name in new[] { "a", "b", "c" })
            await File.WriteAllTextAsync(Path.Combine(_source.FullName, name), new string(name[0], 400));
        var experiment = _bench.New(options: new() { MaxArtifactBytes = 1000 });
        var record = await experiment.RunAsync(async run =>
        {
            var thrown = await Assert.ThrowsAsync<ArtifactLimitException>(() => run.AddArtifactAsync(_source.FullName, "all"));
            Assert.Equal("all/c", thrown.Artifact);
        });
        Assert.Equal(["all/a", "all/b"], FilesOf(record));
    }

    [Fact]
    public async Task Add_ContentThatIsThere_CountsNothing()
    {
        var experiment = _bench.New(options: new() { MaxArtifactBytes = 1000 });
        for (var attempt = 1; attempt <= 2; attempt++)
        {
            var record = await experiment.RunAsync(
                async run =>
                {
                    foreach (var name in new[] { "a", "b", "c" })
                        await run.AddArtifactAsync(new MemoryStream(new byte[900]), name);
                },
                new() { Id = "one", Resume = attempt > 1 });
            Assert.Equal(["a"], FilesOf(record));
        }
    }

    [Fact]
    public async Task Log_BeyondTheExperimentsCap_IsDroppedAndSaid()
    {
        var experiment = _bench.New(options: new() { MaxLogBytes = 100 });
        var record = await experiment.RunAsync(run =>
        {
            run.Log.Write(new string('x', 90));
            run.Log.Write(new string('y', 90));
            return Task.CompletedTask;
        });
        var log = await File.ReadAllTextAsync(Path.Combine(_bench.Home, record.Directory, "run.log"));
        Assert.Equal($"{new string('x', 90)}\n--- the log of this attempt is capped at 100 bytes; what follows is dropped ---\n", log);
    }

    [Fact]
    public async Task Options_NotPositive_AreRefusedBeforeTheRunIsRecorded()
    {
        foreach (var options in new ExperimentOptions[] { new() { MaxArtifactBytes = 0 }, new() { MaxLogBytes = -1 } })
        {
            var experiment = _bench.New(options: options);
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => experiment.RunAsync(_ => Task.CompletedTask));
            Assert.Empty(await experiment.RunsAsync().ToListAsync());
        }
    }

    private IEnumerable<string> FilesOf(RunRecord run)
    {
        var folder = Path.Combine(_bench.Home, run.Directory, "artifacts");
        return Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal);
    }

    private sealed class Endless : Stream
    {
        public long Given { get; private set; }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Given += count;
            return count;
        }

        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
