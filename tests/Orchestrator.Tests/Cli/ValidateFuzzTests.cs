using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Configuration;
using Orchestrator.Tests.Configuration;

namespace Orchestrator.Tests.Cli;

/// <summary>Broken sweep files through the whole command line: they are the person's mistakes, never the program's.</summary>
public sealed partial class ValidateFuzzTests : IDisposable
{
    private const int Files = 2000;
    private const int MostRuns = 100_000;

    private readonly CliBench _bench = new()
    {
        Configure = app => app.Services.AddSingleton<ISweepCatalog>(TestCatalog.Instance),
    };

    public void Dispose()
    {
        Assert.False(Directory.Exists(_bench.Home), "Nothing of this stores anything.");
        _bench.Dispose();
    }

    [Fact]
    public async Task ValidateAndPlan_BrokenFiles_ExitWith0Or3_AndSayWhereTheMistakesAre()
    {
        var mutator = new SweepFileMutator(seed: 20260301);
        var (valid, planned) = (0, 0);
        for (var i = 0; i < Files; i++)
        {
            var (name, content) = mutator.Next();
            var file = Path.Combine(_bench.Folder, name);
            await File.WriteAllBytesAsync(file, content);

            var run = await _bench.RunAsync("validate", file);
            Check(run, i);
            CheckPlaces(run, file, content, i);
            if (i % 10 == 0)
                CheckJson(await _bench.RunAsync("validate", file, "--json"), run, i);
            if (run.Code != 0)
                continue;
            valid++;
            if (SweepFileReader.ReadFile(file, TestCatalog.Instance).Definition is not { Limits.MaxRuns: <= MostRuns })
                continue;
            planned++;
            var plan = await _bench.RunAsync("plan", file, "--first", "2");
            Check(plan, i);
            Assert.True(plan.Code == 0, $"File {i} is valid, and has no plan: {plan.Error}");
        }

        Assert.InRange(valid, Files / 50, Files / 2);
        Assert.True(planned > 20, $"Only {planned} were planned.");
    }

    private static void Check(CliRun run, int number)
    {
        Assert.True(run.Code is 0 or 3, $"File {number}: exit code {run.Code}. {run.Error}");
        foreach (var text in new[] { run.Out, run.Error })
            Assert.False(text.Contains("   at ", StringComparison.Ordinal), $"File {number}: {text}");
    }

    private static void CheckPlaces(CliRun run, string file, byte[] content, int number)
    {
        var lines = Encoding.UTF8.GetString(content).Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n', '\r');
        var said = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var errors = 0;
        foreach (var line in run.Code == 0 ? said[..^1] : said)
        {
            Assert.StartsWith(file, line, StringComparison.Ordinal);
            var place = Place().Match(line[file.Length..]);
            Assert.True(place.Success, $"File {number}: {line}");
            var (row, column) = (int.Parse(place.Groups[1].Value, null), int.Parse(place.Groups[2].Value, null));
            Assert.True(row >= 1 && row <= lines.Length && column >= 1 && column <= lines[row - 1].Length + 1, $"File {number}: {line} lies outside.");
            errors += place.Groups[3].Value == "error" ? 1 : 0;
        }

        Assert.True(errors > 0 == (run.Code == 3), $"File {number}: {errors} errors and exit code {run.Code}.");
    }

    private static void CheckJson(CliRun json, CliRun plain, int number)
    {
        Check(json, number);
        Assert.Equal(plain.Code, json.Code);
        var problems = json.Json.GetProperty("problems").GetArrayLength();
        Assert.Equal(plain.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length - (plain.Code == 0 ? 1 : 0), problems);
    }

    [GeneratedRegex(@"^\((\d+),(\d+)\): (error|warning) SWP\d{3}: .")]
    private static partial Regex Place();
}
