using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Hosting;

namespace Orchestrator.Tracking;

/// <summary>
/// Tries a tracker out, in any test framework: attempts that end well, fail, report nothing, are cut off before they begin or end, run
/// side by side, belong to no sweep, or report what is awkward. A tracker that passes may still write nonsense: look at what it wrote.
/// </summary>
public static class TrackerCheck
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Tries the trackers that a function makes.</summary>
    /// <param name="create">Makes a tracker for one attempt.</param>
    /// <param name="folder">Where the runs' folders are made.</param>
    /// <param name="options">The options that the tracker is given.</param>
    /// <param name="services">What <see cref="TrackerContext.Services"/> gives out.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="TrackerCheckException">It breaks promises; the message names all.</exception>
    public static Task RunAsync(
        Func<TrackerContext, ITracker> create,
        string folder,
        IReadOnlyDictionary<string, ParameterValue>? options = null,
        IServiceProvider? services = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(create);
        var info = new TrackerInfo("tracker", (options ?? new Dictionary<string, ParameterValue>())
            .ToDictionary(o => o.Key, o => new TrackerOption(o.Value.Kind, "Given.")));
        return RunAsync(new DelegateTrackerFactory(info, create), folder, options, services, cancellationToken);
    }

    /// <summary>Tries the trackers of a factory.</summary>
    /// <inheritdoc cref="RunAsync(Func{TrackerContext, ITracker}, string, IReadOnlyDictionary{string, ParameterValue}, IServiceProvider, CancellationToken)"/>
    public static async Task RunAsync(
        ITrackerFactory factory,
        string folder,
        IReadOnlyDictionary<string, ParameterValue>? options = null,
        IServiceProvider? services = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(factory);
        using var own = services is null ? new ServiceCollection().AddLogging().AddTracking().BuildServiceProvider() : null;
        var trial = new Trial(factory, folder, options ?? new Dictionary<string, ParameterValue>(), services ?? own!, cancellationToken);
        (string Name, Func<Task> Body)[] checks =
        [
            ("its description", trial.Describe),
            ("an attempt that ends well", trial.Good),
            ("an attempt that reports nothing and fails", trial.Silent),
            ("one that is cut off before it begins", trial.NeverStarted),
            ("one that is cut off before it ends", trial.CutOff),
            ("two attempts side by side", trial.SideBySide),
            ("a run that belongs to no sweep", trial.ByHand),
            ("awkward names, values and steps", trial.Awkward),
            ("a kind of note that it cannot know", trial.StrangeNote),
        ];
        var broken = new List<string>();
        foreach (var (name, body) in checks)
        {
            try
            {
                await body().ConfigureAwait(false);
            }
            catch (Exception cause) when (cause is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                broken.Add($"{name}: {cause.GetType().Name}: {cause.Message}");
            }
        }

        if (broken.Count > 0)
            throw new TrackerCheckException($"The tracker '{factory.Info.Name}' failed at {string.Join("; at ", broken)}");
    }

    private sealed record Strange() : RunNote(Start);

    private sealed class Trial(
        ITrackerFactory factory,
        string folder,
        IReadOnlyDictionary<string, ParameterValue> options,
        IServiceProvider services,
        CancellationToken cancellationToken)
    {
        private int _runs;

        public Task Describe()
        {
            if (string.IsNullOrWhiteSpace(factory.Info.Name))
                throw new InvalidOperationException("It has no name.");
            foreach (var (name, option) in factory.Info.Options)
            {
                if (option.Kind == ParameterKind.Null || string.IsNullOrWhiteSpace(option.Description))
                    throw new InvalidOperationException($"The option '{name}' has no kind or no description.");
            }

            foreach (var name in options.Keys.Where(name => !factory.Info.Options.ContainsKey(name)))
                throw new InvalidOperationException($"It has no option '{name}': no sweep file could give it.");
            return Task.CompletedTask;
        }

        public Task Good() => AttemptAsync(Metric.Minimize("loss"), async tracker =>
        {
            await tracker.ReportAsync(Points(("loss", 0, 1)), cancellationToken).ConfigureAwait(false);
            await tracker.NoteAsync(new TagNote("tag", Start), cancellationToken).ConfigureAwait(false);
            await tracker.FlushAsync(cancellationToken).ConfigureAwait(false);
            await tracker.NoteAsync(new AttributeNote("list", ParameterValue.FromList(1, "two", 3.5), Start), cancellationToken).ConfigureAwait(false);
            await tracker.ReportAsync(Points(("loss", 1, 0.5), ("accuracy", 1, 0.9)), cancellationToken).ConfigureAwait(false);
            await tracker.ReportAsync(Points([.. Enumerable.Range(2, 5_000).Select(step => ("loss", (long)step, 1.0 / step))]), cancellationToken).ConfigureAwait(false);
            await EndAsync(tracker).ConfigureAwait(false);
        });

        public Task Silent() => AttemptAsync(Metric.Minimize("loss"), async tracker =>
        {
            var failure = new RunFailure
            {
                Kind = FailureKind.Exception, Type = "System.Exception", Message = "first\nsecond \"quoted\"", Fingerprint = "0123456789ab",
            };
            await tracker.EndAsync(new RunEnd(RunState.Failed, null, failure, Start.AddSeconds(1)), cancellationToken).ConfigureAwait(false);
        });

        public Task NeverStarted() => AttemptAsync(Metric.Minimize("loss"), static _ => Task.CompletedTask, start: false);

        public Task CutOff() => AttemptAsync(
            Metric.Minimize("loss"), tracker => tracker.ReportAsync(Points(("loss", 0, 1)), cancellationToken).AsTask());

        public Task SideBySide() => AttemptAsync(Metric.Minimize("loss"), first => AttemptAsync(Metric.Minimize("loss"), async second =>
        {
            for (var step = 0; step < 20; step++)
            {
                await first.ReportAsync(Points(("loss", step, step)), cancellationToken).ConfigureAwait(false);
                await second.ReportAsync(Points(("loss", step, -step), ("more", step, 1)), cancellationToken).ConfigureAwait(false);
            }

            await EndAsync(first).ConfigureAwait(false);
            await EndAsync(second).ConfigureAwait(false);
        }));

        public Task ByHand() => AttemptAsync(null, async tracker =>
        {
            await tracker.ReportAsync(Points(("loss", 0, 1)), cancellationToken).ConfigureAwait(false);
            await tracker.EndAsync(new RunEnd(RunState.Completed, null, null, Start.AddSeconds(1)), cancellationToken).ConfigureAwait(false);
        });

        public Task Awkward() => AttemptAsync(Metric.Minimize("loss"), async tracker =>
        {
            string[] names = ["a,b", "say \"hi\"", "two\nlines", "größe 🦦", " spaced ", "a/b.c-d e", new string('x', 1000)];
            double[] values = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, double.Epsilon, double.MaxValue, long.MaxValue];
            for (var i = 0; i < names.Length; i++)
                await tracker.ReportAsync(Points((names[i], 0, values[i]), (names[i], 0, 1), (names[i], -5, 2), (names[i], long.MaxValue, 3)), cancellationToken).ConfigureAwait(false);
            await EndAsync(tracker).ConfigureAwait(false);
        });

        public Task StrangeNote() => AttemptAsync(Metric.Minimize("loss"), async tracker =>
        {
            await tracker.NoteAsync(new Strange(), cancellationToken).ConfigureAwait(false);
            await EndAsync(tracker).ConfigureAwait(false);
        });

        private async Task AttemptAsync(Metric? metric, Func<ITracker, Task> body, bool start = true)
        {
            var run = Run(metric, _runs++);
            var context = new TrackerContext(run, factory.Info, new TrackerReference(factory.Info.Name) { Options = options }, services);
            try
            {
                var tracker = factory.Create(context);
                await using (tracker.ConfigureAwait(false))
                {
                    if (start)
                        await tracker.StartAsync(run, cancellationToken).ConfigureAwait(false);
                    await body(tracker).ConfigureAwait(false);
                }
            }
            finally
            {
                await context.CloseAsync().ConfigureAwait(false);
            }
        }

        private ValueTask EndAsync(ITracker tracker) =>
            tracker.EndAsync(new RunEnd(RunState.Completed, 0.5, null, Start.AddSeconds(3)), cancellationToken);

        private RunInfo Run(Metric? metric, int number)
        {
            var parameters = new ParameterSet(
            [
                new("learningRate", 0.1), new("layers", 3), new("optimizer", "a \"b\", c"), new("nesterov", true), new("none", ParameterValue.Null),
            ]);
            return new RunInfo
            {
                Id = RunRecord.IdOf("check", number),
                Name = string.Create(CultureInfo.InvariantCulture, $"calm-otter-{100 + number}"),
                SweepId = "check",
                SweepName = "check",
                Project = "Default",
                Number = number,
                Proposal = number,
                Replicate = 0,
                Seed = 7,
                Attempt = 1,
                Parameters = parameters,
                Metric = metric,
                Worker = "cpu-1",
                Device = "cpu",
                StartedAt = Start,
                Folder = new RunFolder(Path.Combine(folder, RunRecord.DirectoryOf("check", number)), parameters),
            };
        }

        private static MetricPoint[] Points(params (string Metric, long Step, double Value)[] points) =>
            [.. points.Select(point => new MetricPoint(point.Metric, point.Step, point.Value, Start.AddMilliseconds(1)))];
    }
}

/// <summary>A tracker breaks promises; the message says which.</summary>
public sealed class TrackerCheckException : Exception
{
    /// <summary>Nothing is known.</summary>
    public TrackerCheckException()
    {
    }

    /// <summary>With what is broken.</summary>
    public TrackerCheckException(string message)
        : base(message)
    {
    }

    /// <summary>With what is broken, and by what.</summary>
    public TrackerCheckException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
