namespace Orchestrator.Configuration;

/// <summary>The whole vocabulary of a sweep file. Parameters stand in <see cref="ParameterVocabulary"/>.</summary>
internal static class SweepVocabulary
{
    /// <summary>The value of <c>resources.gpus</c> for one GPU if there is one.</summary>
    public const string Auto = "auto";

    private static readonly Shape Count = new IntegerShape(1, int.MaxValue);
    private static readonly Shape ParameterName = new TextShape("the name of a parameter");

    public static ObjectShape Metric { get; } = new("a mapping such as {name: loss, goal: minimize}",
    [
        new("name", new TextShape("the name of a metric"), "The name under which runs report it.") { IsRequired = true },
        new("goal", new WordShape("minimize", "maximize"), "Which way it gets better.") { IsRequired = true },
        new("target", new NumberShape(), "The value at which the sweep starts nothing new."),
        new("from", new WordShape("last", "best"), "Which of a run's reported values counts.") { Default = "last" },
    ]);

    public static ObjectShape TrainableType { get; } = new("a mapping {type, assembly}",
    [
        new("type", new TextShape("the full name of a type"), "The full name of the type.") { IsRequired = true },
        new("assembly", new TextShape("the path or name of an assembly"),
            "The path or name of the assembly that holds it.") { IsRequired = true },
    ]);

    public static ObjectShape Limits { get; } = new("a mapping of maxRuns, maxConcurrent and duration",
    [
        new("maxRuns", new IntegerShape(1, uint.MaxValue), "How many runs there are in all, replicates and includes among them; no limit if absent."),
        new("maxConcurrent", Count, "How many runs are executed at once; what the workers allow if absent."),
        new("duration", new DurationShape(), "How long runs are started; no limit if absent."),
    ]);

    public static ObjectShape Resources { get; } = new("a mapping of what one run occupies",
    [
        new("cpus", new NumberShape(0, Above: true), "Processors; 0.5 lets two runs share one.") { Default = 1 },
        new("gpus", new NumberOrWordShape(0, Auto),
            "GPUs: a whole number of devices, or a fraction of one, such as 0.25, which others share; auto is one if there is one, else none.") { Default = 0 },
        new("memory", new SizeShape(), "Memory that is set aside for it; none if absent."),
        new("artifacts", new SizeShape(), "What one attempt may add as artifacts; as much as there is room for if absent."),
        new("log", new SizeShape(), "What one attempt may write to its run.log; what goes beyond is dropped.") { Default = SizeText.Write(RunResources.DefaultLog) },
        new("runsPerGpu", new IntegerShape(1, 1000), "How many runs share a GPU: 4 is the same as 'gpus: 0.25'; nothing where 'gpus: auto' finds none."),
        new("pool", new TextShape("the name of a pool"), "The pool to run in; default, else the first that could hold a run, if absent."),
    ]);

    public static ObjectShape Retry { get; } = new("a mapping of maxAttempts, backoff and on",
    [
        new("maxAttempts", Count, "How many attempts a run has, all counted.") { Default = 1 },
        new("backoff", new DurationShape(AllowZero: true),
            "The wait before the second attempt, doubled before each further one.") { Default = 0 },
        new("on", new ListShape(new WordShape([.. FailureWords]), "a list of kinds of failure", 1),
            "The kinds of failure that are tried again; all if absent."),
    ]);

    public static ObjectShape Failure { get; } = new("a mapping of stopAfterConsecutive and stopAfter",
    [
        new("stopAfterConsecutive", Count, "Start nothing new after this many failed runs in a row; never if absent."),
        new("stopAfter", Count, "Start nothing new after this many failed runs; never if absent."),
    ]);

    private static readonly Shape IsolationWord = new WordShape([.. Enum.GetValues<RunIsolation>().Select(Words.Of)]);

    public static ObjectShape Isolation { get; } = new("a mapping of type, recycleAfter and grace",
    [
        new("type", IsolationWord, "Where runs are executed; a command is a process anyway.") { Default = "thread" },
        new("recycleAfter", Count, "Runs after which a process is replaced; never if absent."),
        new("grace", new DurationShape(),
            "How long a run that was asked to end may take before it is made to; 1s after a timeout, 10s otherwise, if absent."),
    ]);

    private static readonly Shape Assignments = new ListShape(
        new MapShape(new AnyShape(), "an assignment such as {optimizer: adam}", 1), "a list of assignments such as [{optimizer: adam}]");

    /// <summary>The file itself.</summary>
    public static ObjectShape Root { get; } = new("a mapping of keys such as 'trainable', 'metric' and 'parameters'",
    [
        new("$schema", new TextShape() { AllowEmpty = true }, "The JSON Schema of this file, for editors.") { IsNotation = true },
        new("name", new TextShape(), "The sweep's name; the file's name if absent."),
        new("project", new TextShape(), "The project it belongs to; the configured one, else Default, if absent."),
        new("description", new TextShape { AllowEmpty = true }, "Free text."),
        new("tags", new ListShape(new TextShape(), "a list of texts"), "Labels to find it by."),
        new("attributes", new MapShape(new AnyShape(), "a mapping of names to values"), "Named values kept with it."),
        new("trainable",
            new KindShape("the name of a trainable, or {type, assembly}")
            {
                Scalar = new TextShape("the name of a trainable"),
                Mapping = TrainableType,
            },
            "The code that a run executes: a registered name, or {type, assembly}.") { Examples = ["torch-digits", "function"] },
        new("command", new ListShape(new TextShape("an argument") { AllowEmpty = true },
            "a list of a program and its arguments such as [python, train.py, \"--lr=${learningRate}\"]", 1),
            "The program that a run executes, and its arguments; no shell reads them. ${name} is a parameter's value; ${runDir}, ${seed}, "
            + "${device} are the run's, ${sweepDir} is this file's folder, ${env:NAME} a variable of the environment, ${args} is --name=value of all "
            + "parameters, ${args_no_hyphens} the same without hyphens, ${flag:name} is --name while a boolean parameter is true. An argument with a "
            + "parameter that is inactive is left out, and the option before it."),
        new("reports", new ObjectShape("a mapping {pattern}",
        [
            new("pattern", new TextShape("a regular expression"),
                "A regular expression for lines of either stream: a named group gives the value of the metric of that name, the groups name and value "
                + "(or the first two without names) one for each match, and a group step the step.") { Examples = ["loss=(?<loss>\\S+)"] },
        ]), "How values are read from what a command prints, beside lines that are JSON objects."),
        new("metric", Metric, "The metric to optimize."),
        new("metrics", new ListShape(Metric, "a list with one metric", 1, 1)
            { NotBuiltBeyond = "Sweeps with several metrics ('metrics' with more than one entry) are not built yet; name one." },
            "A list with one metric: another way to write 'metric'.") { IsNotation = true },
        new("method", SweepMethods.Shape, "How assignments are chosen: a name, or {type, ...options}.") { Default = "grid" },
        new("parameters", ParameterVocabulary.Collection, "The hyperparameters, in order: name to values."),
        new("zip", new ListShape(new ListShape(ParameterName, "a list of parameter names", 1),
            "a list of lists of parameter names such as [[learningRate, batch]]"),
            "Lists of parameters walked in step instead of crossed."),
        new("exclude", Assignments, "Assignments to leave out; a list as a value means any of its items."),
        new("include", Assignments, "Assignments to add: extra points of a grid, first points of every other method."),
        new("constraints", new ListShape(new TextShape("a boolean expression in quotes"),
            "a list of expressions such as [\"batch * accumulation <= 512\"]"),
            "Boolean expressions over the parameters that every assignment satisfies."),
        new("replicates", Count, "How many seeds each assignment is run with.") { Default = 1 },
        new("seeds", new ListShape(new IntegerShape(), "a list of whole numbers", 1),
            "The seeds each assignment is run with, as they are."),
        new("seed", new IntegerShape(), "The sweep's own seed.") { Default = 0 },
        new("limits", Limits, "When to start nothing new, and how much at once."),
        new("resources", Resources, "What one run occupies."),
        new("isolation", new KindShape("thread, process, or a mapping of type, recycleAfter and grace")
        {
            Scalar = IsolationWord,
            Mapping = Isolation,
        }, "Where runs are executed: on a thread of this process, or in a process of their own; by default as the trainable says: what uses TorchSharp in processes, all else on threads."),
        new("timeout", new DurationShape(),
            "How long one attempt may take, from the start of the user's code to its end; for ever if absent."),
        new("retry", Retry, "Whether a failed attempt is tried again."),
        new("failure", Failure, "The circuit breaker: when failures end the sweep."),
        new("earlyStopping", new AnyShape(), "Ends runs that promise little.")
        {
            NotBuilt = "Early stopping ('earlyStopping') is not built yet; leave it out.",
        },
        new("reproducible", new KindShape("true, false, or {lag: 8}")
        {
            Scalar = new BooleanShape(),
            Mapping = new ObjectShape("a mapping {lag}",
            [
                new("lag", new IntegerShape(0, 10_000), "How many assignments right before it a decision does not look at; so many and one more are executed at once.")
                {
                    Default = Reproducibility.DefaultLag,
                },
            ]),
        }, "Whether the same file and seed give the same runs and results whatever the timing.") { Default = false },
        new("trackers", new ListShape(new KindShape("the name of a tracker, or {type, ...options}")
        {
            Scalar = new TextShape("the name of a tracker"),
            Mapping = new ObjectShape("a mapping {type, ...options}",
                [new("type", new TextShape("the name of a tracker"), "The tracker's name.") { IsRequired = true }])
            {
                Others = new AnyShape(),
            },
        }, "a list of trackers such as [console, csv]"),
            "What receives everything that runs log; the configured ones if absent.") { Examples = ["console", "csv", "jsonl", "tensorboard", "mlflow"] },
    ])
    {
        Foreign = OtherTools.RootKeys,
        Exclusive =
        [
            ("trainable", "command", "a run executes one of them; leave one out"),
            ("metric", "metrics", "they say the same thing; leave one out"),
            ("replicates", "seeds", "'seeds' lists the seeds, 'replicates' only counts them; leave one out"),
        ],
    };

    private static IEnumerable<string> FailureWords => Enum.GetValues<FailureKind>().Select(Words.Of);
}
