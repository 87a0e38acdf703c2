namespace Orchestrator.Configuration;

/// <summary>What other tools call it: whoever comes from them is told the word that is used here.</summary>
internal static class OtherTools
{
    private const string WandB = "W&B Sweeps";
    private const string Optuna = "Optuna";
    private const string Ray = "Ray Tune";
    private const string Hydra = "Hydra";

    private const string Nni = "NNI";
    private const string NniForm = "the values alone, as in '[16, 32]', or a range such as '{min: 0.0001, max: 0.1, log: true}'";

    private const string MaxRuns = "'limits: {maxRuns: 100}'";
    private const string MaxConcurrent = "'limits: {maxConcurrent: 4}'";
    private const string Duration = "'limits: {duration: 4h}'";
    private const string Goal = "'metric: {name: loss, goal: minimize}'";

    public static IReadOnlyDictionary<string, ForeignWord> None { get; } = new Dictionary<string, ForeignWord>();

    /// <summary>Keys at the top of a file.</summary>
    public static IReadOnlyDictionary<string, ForeignWord> RootKeys { get; } = new Dictionary<string, ForeignWord>(StringComparer.Ordinal)
    {
        ["program"] = new(WandB, "command", "'command: [python, train.py, \"${args}\"]'"),
        ["run_cap"] = new(WandB, "limits", MaxRuns),
        ["early_terminate"] = new(WandB, "earlyStopping"),
        ["n_trials"] = new(Optuna, "limits", MaxRuns),
        ["n_jobs"] = new(Optuna, "limits", MaxConcurrent),
        ["sampler"] = new(Optuna, "method"),
        ["pruner"] = new(Optuna, "earlyStopping"),
        ["direction"] = new(Optuna, "metric", Goal),
        ["directions"] = new(Optuna, "metric", Goal),
        ["study_name"] = new(Optuna, "name"),
        ["num_samples"] = new(Ray, "limits", MaxRuns),
        ["max_concurrent_trials"] = new(Ray, "limits", MaxConcurrent),
        ["time_budget_s"] = new(Ray, "limits", Duration),
        ["mode"] = new(Ray, "metric", Goal),
        ["search_alg"] = new(Ray, "method"),
        ["scheduler"] = new(Ray, "earlyStopping"),
        ["param_space"] = new(Ray, "parameters"),
        ["config"] = new(Ray, "parameters"),
        ["resources_per_trial"] = new(Ray, "resources", "'resources: {cpus: 2, gpus: 0.5}'"),
        ["max_failures"] = new(Ray, "retry", "'retry: {maxAttempts: 4}' (all attempts counted)"),
        ["params"] = new(Hydra, "parameters"),
        ["sweeper"] = new(Hydra, "method"),
    };

    /// <summary>Keys of one parameter.</summary>
    public static IReadOnlyDictionary<string, ForeignWord> ParameterKeys { get; } = new Dictionary<string, ForeignWord>(StringComparer.Ordinal)
    {
        ["low"] = new(Optuna, "min"),
        ["high"] = new(Optuna, "max"),
        ["choices"] = new(Optuna, "values"),
        ["lower"] = new(Ray, "min"),
        ["upper"] = new(Ray, "max"),
        ["categories"] = new(Ray, "values"),
        ["q"] = new(WandB, "step"),
        ["mu"] = new(WandB, "mean"),
        ["sigma"] = new(WandB, "stddev"),
        ["_type"] = new(Nni, "values", NniForm),
        ["_value"] = new(Nni, "values", NniForm),
        ["probabilities"] = new(WandB, "weights"),
    };

    /// <summary>What stands after <c>distribution</c> and is no law here but another form of a parameter.</summary>
    public static IReadOnlyDictionary<string, ForeignWord> Distributions { get; } = new Dictionary<string, ForeignWord>(StringComparer.Ordinal)
    {
        ["constant"] = new(WandB, "value", "'{value: 10}', or the value alone"),
        ["categorical"] = new(WandB, "values", "'{values: [16, 32]}', or the list alone"),
        ["categorical_w_probabilities"] = new(WandB, "values", "'{values: [16, 32], weights: [1, 3]}'"),
        ["uniform"] = new(WandB, "min", "'{min: 0.0, max: 1.0}'"),
        ["int_uniform"] = new(WandB, "min", "'{min: 1, max: 8}'"),
        ["q_uniform"] = new(WandB, "min", "'{min: 0.0, max: 1.0, step: 0.1}'"),
        ["log_uniform"] = new(WandB, "min", "'{min: 0.0001, max: 0.1, log: true}', by the values and not by their logarithms"),
        ["log_uniform_values"] = new(WandB, "min", "'{min: 0.0001, max: 0.1, log: true}'"),
        ["loguniform"] = new(Ray, "min", "'{min: 0.0001, max: 0.1, log: true}'"),
        ["log_normal"] = new(WandB, "distribution", "'{distribution: logNormal, mean: 0, stddev: 1}'"),
    };
}

/// <summary>A word of another tool.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Key">The key that says it here.</param>
/// <param name="Example">How it is written here; the key alone if absent.</param>
internal sealed record ForeignWord(string Tool, string Key, string? Example = null)
{
    /// <summary>The end of a sentence about an unknown word.</summary>
    public string Hint => $" (a word of {Tool}); here it is {Example ?? $"'{Key}'"}.";
}
