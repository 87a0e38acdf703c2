namespace Orchestrator.Torch.Tabular;

/// <summary>What <c>torch-tabular</c> learns from and what it learns.</summary>
internal sealed record TabularOptions
{
    public required string Path { get; init; }

    public required string Target { get; init; }

    public required bool IsClassification { get; init; }

    /// <summary>Columns that are no features.</summary>
    public string[] Ignore { get; init; } = [];

    public bool HasHeader { get; init; } = true;

    /// <summary>Parts of the rows, each 0 or more, together below 1.</summary>
    public double Validation { get; init; } = 0.2;

    public double Test { get; init; } = 0.2;

    /// <summary>The split is a property of the data: the same for every run of a sweep, whatever its seed.</summary>
    public long SplitSeed { get; init; }

    public static TabularOptions Of(ParameterSet parameters)
    {
        var task = parameters.Get<string>("task");
        var options = new TabularOptions
        {
            Path = parameters.Get<string>("data"),
            Target = parameters.Get<string>("target"),
            IsClassification = task switch
            {
                "classification" => true,
                "regression" => false,
                _ => throw new ArgumentException($"The parameter 'task' must be classification or regression, got '{task}'."),
            },
            Ignore = !parameters.TryGetValue("ignore", out var ignore) ? [] : ignore.Kind == ParameterKind.List ? ignore.As<string[]>() : [ignore.As<string>()],
            HasHeader = parameters.Get("header", true),
            Validation = parameters.Get("validationPart", 0.2),
            Test = parameters.Get("testPart", 0.2),
            SplitSeed = parameters.Get("splitSeed", 0L),
        };
        return options.Validation >= 0 && options.Test >= 0 && options.Validation + options.Test < 1
            ? options
            : throw new ArgumentException(FormattableString.Invariant(
                $"The parameters 'validationPart' and 'testPart' must be 0 or more and together below 1, got {options.Validation} and {options.Test}."));
    }
}
