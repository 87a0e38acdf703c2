using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Orchestrator.EndToEnd.Support;
using Orchestrator.Execution.Processes;

namespace Orchestrator.EndToEnd;

/// <summary>
/// kill -9 of whatever belongs to a sweep, at random moments: the orchestrator, the launcher, workers, commands. 30 times each way;
/// ORCHESTRATOR_CHAOS_KILLS=1000 takes the time it takes.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private static readonly int Kills =
        int.TryParse(Environment.GetEnvironmentVariable("ORCHESTRATOR_CHAOS_KILLS"), CultureInfo.InvariantCulture, out var asked) ? asked : 30;

    [Theory]
    [InlineData("trainable: steady\nisolation: process", "--orchestrator-process\0worker")]
    [InlineData("command: [sh, -c, \"sleep 0.03; echo '{\\\"loss\\\": ${x}}'\"]", "sleep 0.03")]
    public async Task Kill9_OfAnything_LosesNothingDoublesNothingLeavesNothing(string what, string workers)
    {
        using var home = new ProgramHome { Program = "Orchestrator.Zoo" };
        var runs = Kills * 15;
        var file = home.Write("chaos.yaml", $$"""
            {{what}}
            metric: {name: loss, goal: minimize}
            method: random
            parameters: {x: {min: 0.0, max: 1.0} }
            limits: { maxRuns: {{runs}} }
            """);
        var random = new Random(20261124);
        var killed = new Dictionary<string, int>();
        string[] verb = ["sweep", file];
        var exit = -1;
        while (exit is not (0 or 4))
        {
            using var program = home.Start([.. verb, "--workers", "3", "--no-progress"]);
            verb = ["resume"];
            var ended = Task.WhenAll(program.StandardOutput.ReadToEndAsync(), program.StandardError.ReadToEndAsync(), program.WaitForExitAsync());
            while (killed.Values.Sum() < Kills && await Task.WhenAny(ended, Task.Delay(random.Next(20, 250))) != ended)
            {
                var (name, victims) = random.Next(10) switch
                {
                    0 or 1 => ("orchestrator", [program.Id]),
                    2 or 3 => ("launcher", LaunchersOf(program.Id)),
                    _ => ("worker", Belonging(home, workers)),
                };
                if (victims.Length > 0 && Kill(victims[random.Next(victims.Length)]))
                    killed[name] = killed.GetValueOrDefault(name) + 1;
            }

            await ended.WaitAsync(TimeSpan.FromMinutes(10));
            exit = program.ExitCode;
            Assert.True(exit is 0 or 4 or 128 + 9, $"exit code {exit}");
            await Processes.NoneIsLeftAsync(home.Folder);
        }

        output.WriteLine(string.Join(", ", killed.Select(k => $"{k.Key} {k.Value}")));
        Assert.Equal("ok", Query(home, "PRAGMA integrity_check"));
        Assert.Equal(runs, Number(home, "SELECT count(*) FROM runs"));
        Assert.Equal(0, Number(home, "SELECT count(*) FROM runs WHERE state NOT IN (3, 4)"));
        Assert.Equal(0, Number(home, "SELECT count(*) FROM attempts WHERE state = 1"));
        // Once each, but for what was so unlucky as to lose its worker three times.
        Assert.Equal(
            runs - Number(home, "SELECT count(*) FROM runs WHERE state = 4"),
            Number(home, "SELECT count(DISTINCT run) FROM attempts WHERE state = 3"));
        Assert.Equal(0, Number(home, "SELECT count(*) - count(DISTINCT run) FROM attempts WHERE state = 3"));
        Assert.InRange(Number(home, "SELECT count(*) FROM runs WHERE state = 4"), 0, 2);
    }

    private static int[] LaunchersOf(int program) =>
        [.. Processes.With("--orchestrator-process\0launcher").Where(id => ProcessTable.Find(id)?.Parent == program)];

    private static int[] Belonging(ProgramHome home, string text)
    {
        var all = Processes.With(home.Folder);
        return [.. Processes.With(text).Intersect(all)];
    }

    private static bool Kill(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
            return true;
        }
        catch (Exception cause) when (cause is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false; // it came before us
        }
    }

    private static long Number(ProgramHome home, string sql) => long.Parse(Query(home, sql)!, CultureInfo.InvariantCulture);

    private static string? Query(ProgramHome home, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={home.Database};Mode=ReadOnly");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()?.ToString();
    }
}
