namespace Orchestrator.Storage;

/// <summary>
/// An experiment is opened: the one that is stored under its identity and project, or a new one. Its labels are added to those that
/// are stored.
/// </summary>
internal sealed class ExperimentOpened(SweepRecord experiment) : StoreCommand
{
    private readonly TaskCompletionSource<(long Key, string Id)> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SweepRecord Experiment { get; } = experiment;

    /// <summary>Set by the writer.</summary>
    public (long Key, string Id) Assigned { get; set; }

    public Task<(long Key, string Id)> Opened => _opened.Task;

    public override void Committed(bool applied)
    {
        if (applied)
            _opened.TrySetResult(Assigned);
        else
            _opened.TrySetException(new StoreException($"There is a sweep or experiment with the id '{Experiment.Id}' already."));
    }

    public override void Failed(Exception cause) => _opened.TrySetException(cause);
}

/// <summary>Why a run held by hand could not be begun.</summary>
internal enum HeldRunRefusal
{
    None,

    /// <summary>The experiment was removed meanwhile.</summary>
    NoExperiment,

    /// <summary>There is a run with the id, and it was not to be resumed.</summary>
    IdTaken,

    /// <summary>The run to be resumed belongs to another experiment.</summary>
    OtherExperiment,

    /// <summary>The run to be resumed is being executed.</summary>
    Running,
}

/// <summary>
/// A run held by hand begins: a new one, whose number and id are given here, in the transaction, since several processes may do so at
/// once; or a further attempt at an old one, if that is asked for and there is one.
/// </summary>
internal sealed class HeldRunStarted : StoreCommand
{
    private readonly TaskCompletionSource<HeldRunBeginning> _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public required long Experiment { get; init; }

    /// <summary>The experiment's id, of which default names are made.</summary>
    public required string ExperimentId { get; init; }

    /// <summary>A further attempt at the run <see cref="Id"/>, or at the experiment's last one.</summary>
    public bool Resume { get; init; }

    /// <summary>The run's id; <see langword="null"/>: the time.</summary>
    public string? Id { get; init; }

    /// <summary>The run's name; <see langword="null"/>: two words and a number.</summary>
    public string? Name { get; init; }
    public string? Project { get; init; }

    /// <summary>The seed of a new run; a resumed one keeps its own.</summary>
    public required long Seed { get; init; }

    /// <summary>The parameters of a new run; of a resumed one they are put on top.</summary>
    public required ParameterSet Parameters { get; init; }
    public required long Lease { get; init; }
    public required string Worker { get; init; }
    public string? Device { get; init; }
    public required string Session { get; init; }
    public string? Environment { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Set by the writer.</summary>
    public HeldRunBeginning? Beginning { get; set; }

    public Task<HeldRunBeginning> Begun => _begun.Task;

    public override void Committed(bool applied) => _begun.TrySetResult(Beginning!);

    public override void Failed(Exception cause) => _begun.TrySetException(cause);
}

/// <summary>What the store made of <see cref="HeldRunStarted"/>.</summary>
internal sealed record HeldRunBeginning(HeldRunRefusal Refusal)
{
    public RunKey Run { get; init; }
    public string Id { get; init; } = "";
    public string Name { get; init; } = "";
    public string? Project { get; init; }
    public int Attempt { get; init; }
    public long Seed { get; init; }
    public ParameterSet Parameters { get; init; } = new([]);

    /// <summary>Whether it is a further attempt at an old run.</summary>
    public bool Resumed { get; init; }

    /// <summary>What earlier attempts reported comes to: those of a run held by hand add up.</summary>
    public IReadOnlyList<KeyValuePair<string, MetricSummary>> Summaries { get; init; } = [];
}

/// <summary>A run held by hand that is recorded as being executed, and by whom.</summary>
internal sealed record HeldRun(RunKey Key, string Id, int Attempt, string Session);
