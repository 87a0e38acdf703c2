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
        var watch = Stopwatch.StartNew();
        home.Environment["ORCHESTRATOR_DEBUG"] = "1"; // a fault says where
        var exit = -1;
        while (exit is not (0 or 4))
        {
            string[] verb = IsStored(home) ? ["resume"] : ["sweep", file];
            using var program = home.Start([.. verb, "--workers", "3", "--no-progress"]);
            var (said, complained) = (program.StandardOutput.ReadToEndAsync(), program.StandardError.ReadToEndAsync());
            var ended = Task.WhenAll(said, complained, program.WaitForExitAsync());
            while (killed.Values.Sum() < Kills && await Task.WhenAny(ended, Task.Delay(random.Next(20, 250))) != ended)
            {
                var (name, victims) = random.Next(20) switch
                {
                    0 => ("orchestrator", [program.Id]),
                    1 => ("orchestrator and launcher", [program.Id]),
                    2 or 3 or 4 => ("launcher", LaunchersOf(program.Id)),
                    _ => ("worker", Belonging(home, workers)),
                };
                if (name == "orchestrator and launcher")
                {
                    foreach (var launcher in LaunchersOf(program.Id))
                        Kill(launcher);
                }

                if (victims.Length > 0 && Kill(victims[random.Next(victims.Length)]))
                    killed[name] = killed.GetValueOrDefault(name) + 1;
            }

            await ended.WaitAsync(TimeSpan.FromMinutes(10));
            exit = program.ExitCode;
            Assert.True(
                exit is 0 or 4 or 128 + 9,
                $"'{verb[0]}' ended with exit code {exit} after {killed.Values.Sum()} kills. It said:\n{Tail(await said)}\n{Tail(await complained)}");
            await Processes.NoneIsLeftAsync(home.Folder);
        }

        var ofFailure = $"json_extract(failure, '$.kind') = '{FailureKind.WorkerLost}'";
        var completed = Number(home, "SELECT count(*) FROM attempts WHERE state = 3");
        var lost = Number(home, $"SELECT count(*) FROM attempts WHERE {ofFailure}");
        var counted = Number(home, $"SELECT count(*) FROM attempts WHERE {ofFailure} AND json_extract(failure, '$.signal') = 9");
        var failed = Number(home, "SELECT count(*) FROM runs WHERE state = 4");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{string.Join(", ", killed.Select(k => $"{k.Key} {k.Value}"))}; {runs} runs, {lost} attempts lost, {counted} of them to a kill of their own process, {failed} runs failed; {watch.Elapsed.TotalSeconds:F0} s"));
        Assert.Equal("ok", Query(home, "PRAGMA integrity_check"));
        Assert.Equal(runs, Number(home, "SELECT count(*) FROM runs"));
        Assert.Equal(0, Number(home, "SELECT count(*) FROM runs WHERE state NOT IN (3, 4)"));
        Assert.Equal(0, Number(home, "SELECT count(*) FROM attempts WHERE state = 1"));
        // Once each, but for what was so unlucky as to lose its worker three times.
        Assert.Equal(runs - failed, Number(home, "SELECT count(DISTINCT run) FROM attempts WHERE state = 3"));
        Assert.Equal(runs - failed, completed);
        Assert.Equal(failed, Number(home,
            $"SELECT count(*) FROM (SELECT run FROM attempts WHERE {ofFailure} AND json_extract(failure, '$.signal') = 9 GROUP BY run HAVING count(*) = 3)"));
        Assert.InRange(failed, 0, MostUnlucky(runs, (double)counted / (counted + completed)));
    }

    /// <summary>
    /// How many of these runs lose three processes, by chance alone, less often than once in a million tests. Each kill takes one of the processes
    /// that are there, so an attempt is lost with a probability in proportion to its time: p on average, and three of a run's with p^3 if all take
    /// equally long, with 6 p^3 if their times vary as an exponential distribution's. The count is then Poisson's.
    /// </summary>
    private static int MostUnlucky(int runs, double p)
    {
        var mean = runs * 6 * p * p * p;
        var most = 0;
        var term = Math.Exp(-mean);
        for (var sum = term; sum < 1 - 1e-6; sum += term)
            term *= mean / ++most;
        return most;
    }

    /// <summary>Whether the first kill came before there was a sweep to go on with.</summary>
    private static bool IsStored(ProgramHome home)
    {
        try
        {
            return File.Exists(home.Database) && Number(home, "SELECT count(*) FROM sweeps") > 0;
        }
        catch (SqliteException)
        {
            return false; // the tables are not there yet
        }
    }

    private static string Tail(string text) => text.Length <= 4000 ? text : text[^4000..];

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
