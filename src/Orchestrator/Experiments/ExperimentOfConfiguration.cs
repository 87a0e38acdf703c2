using System.Diagnostics.CodeAnalysis;
using Orchestrator.Experiments;

namespace Orchestrator;

/// <summary>
/// An experiment: a configuration, and runs that are held by hand. Use it as it is, or as the base of a class of your own. Runs are stored
/// beside those of sweeps, and every verb of the command line knows them.
/// </summary>
/// <typeparam name="TConfiguration">The configuration: plain data that can be written as JSON. Its members are the runs' parameters.</typeparam>
/// <example>
/// <code>
/// await using var experiment = new Experiment&lt;Config&gt;(new Config { LearningRate = 0.1 });
/// await experiment.RunAsync(async run => run.LogMetric("loss", await TrainAsync()));
/// </code>
/// </example>
public class Experiment<TConfiguration> : Experiment
{
    /// <summary>An experiment with a home of its own choice; no host is needed.</summary>
    /// <param name="configuration">Its configuration. A changed value makes another experiment of the runs that are begun after it.</param>
    /// <param name="options">Name, home, labels.</param>
    /// <exception cref="ExperimentNameTakenException">A living experiment of this process has the same name, configuration and home.</exception>
    /// <exception cref="ArgumentException">The configuration cannot be written as JSON.</exception>
    public Experiment(TConfiguration configuration, ExperimentOptions? options = null)
        : this(configuration, null, options)
    {
    }

    /// <summary>An experiment in a host.</summary>
    /// <param name="configuration">Its configuration. A changed value makes another experiment of the runs that are begun after it.</param>
    /// <param name="services">Services to which <c>AddOrchestrator</c> was applied: their home, store, trackers and log are used.</param>
    /// <param name="options">Name, labels.</param>
    /// <exception cref="ExperimentNameTakenException">A living experiment of this process has the same name, configuration and home.</exception>
    /// <exception cref="ArgumentException">The configuration cannot be written as JSON.</exception>
    public Experiment(TConfiguration configuration, IServiceProvider? services, ExperimentOptions? options = null)
        : base(typeof(TConfiguration), options, services)
    {
        Configuration = configuration;
        Register(Snapshot().Identity); // a configuration that cannot be kept is an error here rather than in the first run
    }

    /// <summary>
    /// The configuration of the run in whose flow the caller is. Follows <c>await</c>, tasks and threads, so that parallel runs see their own.
    /// </summary>
    /// <exception cref="NoActiveRunException">There is no run, or one with another configuration.</exception>
    [SuppressMessage("Design", "CA1000", Justification = "The type says which configuration is meant.")]
    public static TConfiguration Current => RunContext.Current switch
    {
        { Configuration: TConfiguration configuration } => configuration,
        { } run => throw new NoActiveRunException(
            $"The configuration {typeof(TConfiguration).Name} was asked for in run {run.Id}, which "
            + (run.Configuration is { } other ? $"has a {other.GetType().Name}." : "is a sweep's and has none.")),
        null => throw new NoActiveRunException(
            $"The configuration {typeof(TConfiguration).Name} was asked for, but there is no active run here. Ask for it within RunAsync, or between StartRunAsync and the run's end."),
    };

    /// <summary>The configuration.</summary>
    public TConfiguration Configuration { get; }

    private protected override object? ConfigurationObject => Configuration;

    private protected override ExperimentConfiguration Snapshot() => ExperimentConfiguration.Of(Name, Configuration);
}
