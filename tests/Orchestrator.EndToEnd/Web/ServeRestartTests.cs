using System.Globalization;
using Microsoft.Data.Sqlite;
using Orchestrator.EndToEnd.Support;

namespace Orchestrator.EndToEnd.Web;

/// <summary>A <c>serve</c> that is killed amid sweeps, and started again.</summary>
public sealed class ServeRestartTests : IDisposable
{
    private const int Sweeps = 10;
    private const int Runs = 8;

    private readonly ProgramHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public Task Kill9_AmidTenSweepsInMemory_AllGoOnOnceEach() => KillAndRestartAsync();

    [Fact]
    public async Task Kill9_AmidTenSweepsInPostgres_AllGoOnOnceEach_AndNoJobOfTheDeadLifeIsProcessing()
    {
        await using var postgres = await PostgresServer.StartAsync();
        _home.Environment["Orchestrator__Web__ConnectionString"] = postgres.ConnectionString;
        await KillAndRestartAsync();
    }

    private async Task KillAndRestartAsync()
    {
        var sweep = string.Create(CultureInfo.InvariantCulture, $$"""
            {
              "name": "k", "trainable": "function", "metric": {"name": "value", "goal": "minimize"}, "method": "random",
              "parameters": {"x": {"min": 0.0, "max": 1.0}, "sleep": 0.4}, "limits": {"maxRuns": {{Runs}}}
            }
            """);
        using (var first = await ServedHome.StartAsync(_home, "--workers", "4", "--sweeps", "6"))
        {
            for (var i = 0; i < Sweeps; i++)
                await first.SubmitAsync("k.json", sweep);
            Assert.Equal(6, (await first.JobsAsync("jobs/processing")).Count);
            Assert.Equal(4, (await first.JobsAsync("jobs/enqueued/sweeps")).Count);
            await Patience.UntilAsync(() => Number("SELECT count(*) FROM runs WHERE state = 3") > Runs / 2, "a few runs are complete");
            await first.KillAsync();
        }

        Assert.InRange(Number("SELECT count(*) FROM runs WHERE state = 3"), 1, (Sweeps * Runs) - 1);
        using var second = await ServedHome.StartAsync(_home, "--workers", "4", "--sweeps", "6");
        await second.UntilJobsAsync("jobs/processing", 6);
        Assert.Equal(4, (await second.JobsAsync("jobs/enqueued/sweeps")).Count);
        await Patience.UntilAsync(() => Number("SELECT count(*) FROM sweeps WHERE state <> 3") == 0, "all sweeps are complete");
        await second.UntilJobsAsync("jobs/processing", 0);
        await second.UntilJobsAsync("jobs/enqueued/sweeps", 0);

        Assert.Equal(Sweeps, Number("SELECT count(*) FROM sweeps WHERE state = 3"));
        Assert.Equal(Sweeps * Runs, Number("SELECT count(*) FROM attempts WHERE state = 3")); // none was completed twice
        Assert.Equal(Sweeps * Runs, Number("SELECT count(DISTINCT run) FROM attempts WHERE state = 3"));
        Assert.Equal(Sweeps, (await second.JobsAsync("jobs/succeeded")).Count);
        Assert.Empty(await second.JobsAsync("jobs/failed"));
        Assert.Empty(await second.JobsAsync("jobs/deleted"));
        Assert.Equal(143, (await second.TerminateAsync()).ExitCode);
    }

    private long Number(string sql)
    {
        using var connection = new SqliteConnection(string.Create(CultureInfo.InvariantCulture, $"Data Source={_home.Database};Mode=ReadOnly;Pooling=False"));
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
