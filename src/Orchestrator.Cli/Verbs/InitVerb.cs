using System.CommandLine;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Projects;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>init --project</c>: something to begin with.</summary>
internal static class InitVerb
{
    public static Command Create(CliApp app)
    {
        var project = new ProjectOptions();
        var json = CommonOptions.Json("what was written");
        var verb = new Command("init", "Write a program of your own to begin with, which runs as it is") { json };
        project.AddTo(verb);
        verb.SetAction(parsed => project.IsAsked(parsed)
            ? project.Write(app, parsed, parsed.GetValue(json))
            : throw CliException.Usage("'init' needs --project."));
        HelpWithExamples.Add(verb, "init --project my-search", "init --project . --name MySearch");
        return verb;
    }
}
