using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orchestrator;

// A program that hosts the scheduler, for tests that kill it: TestHost HOME [SUBMIT]. Goes on with what an earlier life of it was given,
// submits so many new sweeps, waits for all of them. Says "run SWEEP/000001" whenever an attempt begins, "submitted", and "ended".
var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddConsole(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
builder.Services
    .AddOrchestrator(configure: options => (options.Home, options.Workers) = (args[0], 4))
    .AddTrainable("body", async (run, cancellation) =>
    {
        Console.Out.WriteLine("run " + run.Id);
        await Task.Delay(TimeSpan.FromMilliseconds(20), cancellation);
        await run.ReportAsync(0, ("loss", run.Parameters.Get<double>("x")), cancellation);
    });
using var host = builder.Build();
await host.StartAsync();

var client = host.Services.GetRequiredService<ISweepClient>();
var submit = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 0;
for (var i = 0; i < submit; i++)
{
    await client.SubmitAsync(new SweepDefinition
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"sweep-{i}"),
        Trainable = new TrainableReference("body"),
        Method = "random",
        Metric = Metric.Minimize("loss"),
        Parameters = { ["x"] = Parameter.Float(0.0, 1.0) },
        Limits = { MaxRuns = 6 + (i % 3) },
    });
}

Console.Out.WriteLine("submitted");
await foreach (var sweep in client.ListAsync())
    await client.WaitAsync(sweep.Id);
Console.Out.WriteLine("ended");
await host.StopAsync();
