using Microsoft.Data.Sqlite;
using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd;

/// <summary>A program that hosts the scheduler, killed.</summary>
public sealed class HostedSchedulerTests
{
    private const int Sweeps = 50;
    private const int Runs = (17 * 6) + (17 * 7) + (16 * 8); // sweep i has 6 + i % 3

    [Fact]
    public async Task Kill9OfAHostWithFiftySweeps_RestartedTwice_EveryRunOfEachIsCompletedOnce()
    {
        using var home = new ProgramHome();
        var store = Path.Combine(home.Folder, "hosted");

        await KillAsync(home, afterRuns: 40, store, Sweeps.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(Sweeps, Number(store, "SELECT count(*) FROM sweeps"));
        var before = Number(store, "SELECT count(*) FROM runs WHERE state = 3");
        Assert.InRange(before, 1, Runs - 1);

        await KillAsync(home, afterRuns: 60, store);
        Assert.InRange(Number(store, "SELECT count(*) FROM runs WHERE state = 3"), before, Runs - 1);

        var last = new List<string>();
        using (var host = home.StartProgram("Orchestrator.TestHost", store))
        {
            var error = host.StandardError.ReadToEndAsync();
            while (await host.StandardOutput.ReadLineAsync() is { } line)
                last.Add(line);
            await ProgramHome.EndAsync(host);
            Assert.True(host.ExitCode == 0, $"{host.ExitCode}: {await error}");
            Assert.Equal("", await error);
        }

        Assert.Equal("ended", last[^1]);
        Assert.Equal(Sweeps, Number(store, "SELECT count(*) FROM sweeps WHERE state = 3"));
        Assert.Equal(Runs, Number(store, "SELECT count(*) FROM runs"));
        Assert.Equal(Runs, Number(store, "SELECT count(*) FROM runs WHERE state = 3"));
        Assert.Equal(Runs, Number(store, "SELECT count(*) FROM attempts WHERE state = 3")); // none was completed twice
        Assert.Equal(Runs, Number(store, "SELECT count(DISTINCT run) FROM attempts WHERE state = 3"));
    }

    /// <summary>Kills the host once it has submitted everything and begun so many runs.</summary>
    private static async Task KillAsync(ProgramHome home, int afterRuns, params string[] args)
    {
        using var host = home.StartProgram("Orchestrator.TestHost", args);
        var error = host.StandardError.ReadToEndAsync();
        var (begun, submitted) = (0, false);
        while (await host.StandardOutput.ReadLineAsync() is { } line)
        {
            submitted |= line == "submitted";
            begun += line.StartsWith("run ", StringComparison.Ordinal) ? 1 : 0;
            if (submitted && begun >= afterRuns)
                host.Kill();
        }

        await ProgramHome.EndAsync(host);
        Assert.True(host.ExitCode == 128 + 9, $"{host.ExitCode}: {await error}");
        Assert.Equal("", await error);
    }

    private static long Number(string store, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(store, "orchestrator.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
