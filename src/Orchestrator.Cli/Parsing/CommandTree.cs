using System.CommandLine;
using Orchestrator.Cli.Completing;
using Orchestrator.Cli.Verbs;

namespace Orchestrator.Cli.Parsing;

/// <summary>All verbs, in the order of the help.</summary>
internal static class CommandTree
{
    public static RootCommand Create(CliApp app)
    {
        var root = new RootCommand("Runs hyperparameter sweeps: one sweep file becomes many isolated runs, in parallel, every result kept.")
        {
            CommonOptions.Home,
            InitVerb.Create(app),
            ValidateVerb.Create(app),
            PlanVerb.Create(app),
            SchemaVerb.Create(app),
            SweepVerb.Create(app),
            ResumeVerb.Create(app),
            RetryVerb.Create(app),
            AddVerb.Create(app),
            PauseVerb.Create(app),
            ContinueVerb.Create(app),
            StopVerb.Create(app),
            CancelVerb.Create(app),
            SetVerb.Create(app),
            ListVerb.Create(app),
            StatusVerb.Create(app),
            RunsVerb.Create(app),
            ShowVerb.Create(app),
            BestVerb.Create(app),
            LogsVerb.Create(app),
            CompareVerb.Create(app),
            FailuresVerb.Create(app),
            ExportVerb.Create(app),
            RmVerb.Create(app),
            DoctorVerb.Create(app),
            CompletionVerb.Create(app),
        };
        HelpWithExamples.Use(root);
        CompletionTree.AddTo(app, root);
        HelpWithExamples.Add(root, "validate sweeps/grid.json", "sweep sweeps/grid.json", "best", "sweep --help");
        return root;
    }
}
