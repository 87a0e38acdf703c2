using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orchestrator.Cli;

namespace Orchestrator.Tests.Cli;

/// <summary>The program in this process: a home and a folder of its own, its output captured, small trainables registered.</summary>
internal sealed partial class CliBench : IDisposable
{
    /// <summary>The characters of a terminal's control sequences.</summary>
    public const char Escape = '\e';

    private readonly Dictionary<string, string?> _environment = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("orchestrator-cli-").FullName;

    public string Home => Path.Combine(Folder, "home");

    /// <summary>What a test registers beside the trainables that are always there.</summary>
    public Action<OrchestratorAppBuilder>? Configure { get; set; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public CliBench With(string variable, string value)
    {
        _environment[variable] = value;
        return this;
    }

    /// <summary>Writes a sweep file: random over <c>x</c> unless other keys are given.</summary>
    public string Write(string text, string name = "sweep.json")
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A grid over x in 1, 2, 3 with two seeds: 6 runs.</summary>
    public string Grid(string trainable = "ok", string more = "", string name = "demo") => Write(
        $$"""
        {
          "name": "{{name}}", "trainable": "{{trainable}}", "metric": {"name": "value", "goal": "maximize"},
          "method": "grid", "parameters": {"x": [1, 2, 3], "rate": 0.5}, "replicates": 2{{more}}
        }
        """,
        name + ".json");

    public Task<CliRun> RunAsync(params string[] args) => RunAtAsync(Home, args);

    /// <summary>As <see cref="RunAsync"/>, with another home.</summary>
    public async Task<CliRun> RunAtAsync(string home, params string[] args)
    {
        using var bytes = new MemoryStream();
        using var output = new StreamWriter(bytes, new UTF8Encoding(false), leaveOpen: true) { AutoFlush = true };
        using var error = new StringWriter();
        var console = new CliConsole(output, TextWriter.Synchronized(error), () => new Unclosed(bytes), name => _environment.GetValueOrDefault(name));
        var code = await new CliApp(console, ConfigureAll).RunAsync([.. args, "--home", home]);
        return new CliRun(code, Encoding.UTF8.GetString(bytes.ToArray()), error.ToString());
    }

    /// <summary>The id of the only sweep, after it was run.</summary>
    public async Task<string> SweepAsync(string file, params string[] args)
    {
        var run = await RunAsync(["sweep", file, "--json", .. args]);
        return run.Json.GetProperty("sweep").GetProperty("id").GetString()!;
    }

    private void ConfigureAll(OrchestratorAppBuilder app)
    {
        AddTrainables(app);
        Configure?.Invoke(app);
    }

    private static void AddTrainables(OrchestratorAppBuilder app) => app.Trainables
        .Add("ok", (run, _) =>
        {
            var x = run.Parameters.Get<double>("x");
            run.Report(0, ("value", 0));
            run.Report(1, ("value", x + (run.Info.Replicate / 10.0)), ("extra", double.NaN), ("limit", double.PositiveInfinity));
            return Task.CompletedTask;
        })
        .Add("talks", (run, _) =>
        {
            Hello(run.Logger, run.Info.Number);
            run.Report(0, ("value", 1));
            return Task.CompletedTask;
        })
        .Add("partly", (run, _) => run.Parameters.Get<int>("x") == 2
            ? throw new InvalidOperationException("no luck\nwith x")
            : Report(run, 1))
        .Add("never", (_, _) => throw new InvalidOperationException("no luck at all"));

    [LoggerMessage(LogLevel.Information, "hello from run {Number}")]
    private static partial void Hello(ILogger logger, long number);

    private static Task Report(RunContext run, double value)
    {
        run.Report(0, ("value", value));
        return Task.CompletedTask;
    }

    /// <summary>Standard output outlives whoever wrote to it.</summary>
    private sealed class Unclosed(MemoryStream inner) : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() => inner.Flush();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);
    }
}

/// <summary>What one call of the program came to.</summary>
internal sealed record CliRun(int Code, string Out, string Error)
{
    /// <summary>Standard output as the one document that it must be.</summary>
    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Out);
            var root = document.RootElement.Clone();
            Assert.Equal(1, root.GetProperty("version").GetInt32());
            return root;
        }
    }

    /// <summary>The names of an object's members, in order.</summary>
    public static string Names(JsonElement element) => string.Join(' ', element.EnumerateObject().Select(p => p.Name));
}
