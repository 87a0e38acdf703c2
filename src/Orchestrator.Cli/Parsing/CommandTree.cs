using System.CommandLine;
using Orchestrator.Cli.Completing;
using Orchestrator.Cli.Verbs;

namespace Orchestrator.Cli.Parsing;

/// <summary>The verbs.</summary>
internal static class CommandTree
{
    /// <summary>All of them, in the order of the help.</summary>
    private static readonly (string Name, Func<CliApp, Command> Create)[] Verbs =
    [
        ("init", InitVerb.Create),
        ("validate", ValidateVerb.Create),
        ("plan", PlanVerb.Create),
        ("schema", SchemaVerb.Create),
        ("sweep", SweepVerb.Create),
        ("resume", ResumeVerb.Create),
        ("retry", RetryVerb.Create),
        ("add", AddVerb.Create),
        ("serve", ServeVerb.Create),
        ("submit", SubmitVerb.Create),
        ("schedule", ScheduleVerb.Create),
        ("pause", PauseVerb.Create),
        ("continue", ContinueVerb.Create),
        ("stop", StopVerb.Create),
        ("cancel", CancelVerb.Create),
        ("set", SetVerb.Create),
        ("list", ListVerb.Create),
        ("status", StatusVerb.Create),
        ("runs", RunsVerb.Create),
        ("show", ShowVerb.Create),
        ("best", BestVerb.Create),
        ("logs", LogsVerb.Create),
        ("compare", CompareVerb.Create),
        ("failures", FailuresVerb.Create),
        ("export", ExportVerb.Create),
        ("rm", RmVerb.Create),
        ("doctor", DoctorVerb.Create),
        ("completion", CompletionVerb.Create),
    ];

    /// <summary>The tree that the arguments are parsed with: where the first of them is a verb, the others are not made.</summary>
    public static RootCommand Create(CliApp app, params IReadOnlyList<string> args)
    {
        var root = new RootCommand("Runs hyperparameter sweeps: one sweep file becomes many isolated runs, in parallel, every result kept.")
        {
            CommonOptions.Home,
        };
        var named = Array.FindIndex(Verbs, v => args is [var first, ..] && v.Name == first);
        foreach (var verb in named < 0 ? Verbs : Verbs.AsSpan(named, 1))
            root.Add(verb.Create(app));
        HelpWithExamples.Use(root);
        CompletionTree.AddTo(app, root);
        HelpWithExamples.Add(root, "validate sweeps/grid.json", "sweep sweeps/grid.json", "best", "sweep --help");
        return root;
    }
}
