using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Tests.Tracking;

namespace Orchestrator.Tests.Cli;

/// <summary>Runs have the project, tags and attributes of their sweep, wherever they are shown, filtered or exported.</summary>
public sealed class SweepLabelTests : IDisposable
{
    private const string Labels = """, "project": "digits", "tags": ["baseline"], "attributes": {"owner": "me"}""";

    private readonly CliBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Runs_OfALabelledSweep_HaveItsLabels_InFiltersAndJson()
    {
        await _bench.SweepAsync(_bench.Grid(more: Labels));
        var filtered = await _bench.RunAsync("runs", "--where", "'baseline' in tags and attributes.owner == 'me' and project == 'digits'", "--json");
        var runs = filtered.Json.GetProperty("runs");
        Assert.Equal(6, runs.GetArrayLength());
        Check(runs[0]);
        Check((await _bench.RunAsync("show", "0", "--json")).Json.GetProperty("run"));
        Check((await _bench.RunAsync("status", "--json")).Json.GetProperty("sweep"));
        Check((await _bench.RunAsync("status", "--json")).Json.GetProperty("sweep").GetProperty("best"));
        var shown = (await _bench.RunAsync("show", "0")).Out;
        Assert.Contains("baseline", shown, StringComparison.Ordinal);
        Assert.Contains("owner=me", shown, StringComparison.Ordinal);
        Assert.Contains("owner=me", (await _bench.RunAsync("status")).Out, StringComparison.Ordinal);
        Assert.Contains("baseline", (await _bench.RunAsync("list")).Out, StringComparison.Ordinal);

        static void Check(JsonElement labelled)
        {
            Assert.Equal("""["baseline"]""", labelled.GetProperty("tags").GetRawText());
            Assert.Equal("me", labelled.GetProperty("attributes").GetProperty("owner").GetString());
            Assert.Equal("digits", labelled.GetProperty("project").GetString());
        }
    }

    [Fact]
    public async Task Export_OfALabelledSweep_HasItsLabels_InBothFormats()
    {
        await _bench.SweepAsync(_bench.Grid(more: Labels));
        var csv = Csv.Parse((await _bench.RunAsync("export")).Out);
        Assert.Equal(
            ("true", "me", "digits"), (csv[1][Array.IndexOf(csv[0], "tag_baseline")], csv[1][Array.IndexOf(csv[0], "attribute_owner")], csv[1][Array.IndexOf(csv[0], "project")]));
        var line = (await _bench.RunAsync("export", "--format", "jsonl", "--where", "attributes.owner == 'me'")).Out.Split('\n')[0];
        Assert.Contains("\"tags\":[\"baseline\"]", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trackers_OfALabelledSweep_HearItsLabels()
    {
        await _bench.SweepAsync(_bench.Grid(more: Labels + """, "trackers": ["jsonl"]"""));
        var events = string.Concat(Directory.EnumerateFiles(_bench.Home, "*.jsonl", SearchOption.AllDirectories).Take(1).Select(File.ReadAllText));
        Assert.Contains("\"tag\":\"baseline\"", events, StringComparison.Ordinal);
        Assert.Contains("owner", events, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_ByTagAndCondition_FindsWhatMatches()
    {
        var labelled = await _bench.SweepAsync(_bench.Grid(more: Labels, name: "one"));
        await _bench.SweepAsync(_bench.Grid(name: "two"));
        Assert.Equal([labelled], await ListedAsync("--tag", "baseline"));
        Assert.Equal([labelled], await ListedAsync("--where", "attributes.owner == 'me' and runs == 6 and state == 'completed'"));
        Assert.Equal(2, (await ListedAsync("--where", "created > '2h ago'")).Count());
        Assert.Empty(await ListedAsync("--where", "created > '2199-01-01' or created < '2h ago'"));
        Assert.Empty(await ListedAsync("--tag", "other"));
        var wrong = await _bench.RunAsync("list", "--where", "stat == 'completed'");
        Assert.Equal(2, wrong.Code);
        Assert.Contains("did you mean 'state'", wrong.Error, StringComparison.Ordinal);

        async Task<IEnumerable<string?>> ListedAsync(params string[] how) =>
            (await _bench.RunAsync(["list", "--json", .. how])).Json.GetProperty("sweeps").EnumerateArray().Select(s => s.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Show_ByTheNameThatIsPrinted_FindsTheRun()
    {
        var id = await _bench.SweepAsync(_bench.Grid());
        var run = (await _bench.RunAsync("show", "3", "--json")).Json.GetProperty("run");
        var name = run.GetProperty("name").GetString()!;
        foreach (var named in new[] { name, $"{id}/{name}", $"demo/{name}" })
            Assert.Equal(run.GetRawText(), (await _bench.RunAsync("show", named, "--json")).Json.GetProperty("run").GetRawText());
        Assert.Equal(2, (await _bench.RunAsync("show", "no-such-100")).Code);
    }
}
