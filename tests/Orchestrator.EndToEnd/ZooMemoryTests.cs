using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>Runs that need more memory than they asked for.</summary>
public class ZooMemoryTests
{
    /// <summary>Which way processes are started; <see langword="null"/>: the one of this system.</summary>
    protected virtual string? Way => null;

    [Theory]
    [InlineData(false, "1GiB")]
    [InlineData(true, "1GiB")]
    [InlineData(true, "300MiB")]
    public async Task Process_NeedsMoreThanItsMemory_IsTriedAgainAloneWithAllThatThePoolHas(bool native, string pool)
    {
        using var home = new ProgramHome { Program = "Orchestrator.Zoo", Way = Way };
        home.Environment["Orchestrator__Pools__default__Memory"] = pool;
        var file = home.Write("zoo.yaml", $$"""
            trainable: bad
            metric: {name: loss, goal: minimize}
            parameters: {how: [needs, fine], native: {{(native ? "true" : "false")}}, holds: {{(pool == "300MiB" ? "true" : "false")}}, x: 5.0}
            replicates: 3
            isolation: process
            resources: {memory: 100MiB}
            retry: {maxAttempts: 5}
            """);

        var result = await home.RunAsync("sweep", file, "--workers", "2", "--json");
        var runs = (await home.RunAsync("runs", "--json")).Json.GetProperty("runs").EnumerateArray()
            .Where(r => r.GetProperty("parameters").GetProperty("how").GetString() == "needs").ToArray();

        Assert.Equal(3, runs.Length);
        Assert.All(runs, r => Assert.Equal(2, r.GetProperty("attempts").GetInt32()));
        if (pool == "300MiB")
        {
            Assert.Equal(4, result.ExitCode);
            Assert.All(runs, r => Assert.Equal("outOfMemory", r.GetProperty("failure").GetProperty("kind").GetString()));
            Assert.All(runs, r => Assert.Matches(@"its pool has 300 MiB\..* ran alone", r.GetProperty("failure").GetProperty("message").GetString()!));
            return;
        }

        Assert.True(result.ExitCode == 0, result.Error + result.Output);
        var spans = runs.Select(r => r.GetProperty("metrics")).Select(m => (From: m.GetProperty("began").GetDouble(), To: m.GetProperty("ended").GetDouble())).Order().ToArray();
        Assert.All(spans.Zip(spans.Skip(1)), p => Assert.True(p.First.To <= p.Second.From));
        Assert.All(runs, r => Assert.Equal((1L << 30) / 5 * 4, r.GetProperty("metrics").GetProperty("mayHave").GetInt64()));
        await Processes.NoneIsLeftAsync(home.Folder);
    }
}

/// <summary>The same, with processes that are started by what .NET has on every system.</summary>
public sealed class PortableZooMemoryTests : ZooMemoryTests
{
    protected override string? Way => "portable";
}
