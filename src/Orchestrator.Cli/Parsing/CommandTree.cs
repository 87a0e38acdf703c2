using System.CommandLine;
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
            ListVerb.Create(app),
            StatusVerb.Create(app),
            RunsVerb.Create(app),
            ShowVerb.Create(app),
            BestVerb.Create(app),
            LogsVerb.Create(app),
        };
        HelpWithExamples.Use(root);
        HelpWithExamples.Add(root, "validate sweeps/grid.json", "sweep sweeps/grid.json", "best", "sweep --help");
        return root;
    }
}
