using System.CommandLine;
using Orchestrator.Cli.Parsing;
using Orchestrator.Configuration;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>schema</c>: the JSON Schema of sweep files, for editors.</summary>
internal static class SchemaVerb
{
    public static Command Create(CliApp app)
    {
        var verb = new Command("schema", "Print the JSON Schema of sweep files, for editors");
        verb.SetAction(_ =>
        {
            app.Console.Out.Write(SweepSchema.Generate());
            return ExitCodes.Done;
        });
        HelpWithExamples.Add(verb, "schema > sweep.schema.json");
        return verb;
    }
}
