using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Cli.Json;
using Orchestrator.Cli.Looks;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Projects;
using Orchestrator.Cli.Settings;
using Orchestrator.Cli.Starting;
using Orchestrator.Configuration;
using Orchestrator.Text;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>init [FILE]</c>: a sweep file to begin with; <c>init --project</c>: a whole program.</summary>
internal static class InitVerb
{
    private const string DefaultFile = "sweep.yaml";
    private static readonly string[] YamlEndings = [".yaml", ".yml"];

    public static Command Create(CliApp app)
    {
        var file = new Argument<string?>("FILE")
        {
            Description = $"The file to write, JSON or YAML by its ending [default: {DefaultFile}]",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var trainable = new Option<string?>("--trainable")
        {
            Description = "What the runs execute [default: function, or what the program registered first]",
            HelpName = "NAME",
        };
        var force = new Option<bool>("--force") { Description = "Replace a file that is there" };
        var json = CommonOptions.Json("what was written");
        var project = new ProjectOptions();
        var verb = new Command("init", "Write a sweep file to begin with, commented, that runs as it is") { file, trainable, force, json };
        project.AddTo(verb);
        verb.SetAction(async parsed =>
        {
            if (project.IsAsked(parsed))
                return project.Write(app, parsed, parsed.GetValue(json));
            var path = UserPath.Expand(parsed.GetValue(file) ?? DefaultFile);
            var isYaml = YamlEndings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
            if (!isYaml && !path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
                throw CliException.Usage($"A sweep file ends in .json, .yaml or .yml, unlike '{path}'.");
            await using var services = AppServices.WithCatalog(app, parsed);
            var info = Find(services.GetRequiredService<ISweepCatalog>(), parsed.GetValue(trainable));
            if (File.Exists(path) && !parsed.GetValue(force))
                throw CliException.Usage($"'{path}' is there already; --force replaces it.");
            await using (var target = TargetFile.Open(path))
            {
                target.Stream.Write(System.Text.Encoding.UTF8.GetBytes(StarterFile.Create(info, Path.GetFileNameWithoutExtension(path), isYaml)));
                await target.CommitAsync();
            }

            if (parsed.GetValue(json))
            {
                JsonOutput.Write(app.Console, writer =>
                {
                    writer.WriteString("file", Path.GetFullPath(path));
                    writer.WriteString("trainable", info.Name);
                });
            }
            else
            {
                app.Console.Out.WriteLine($"{path} is written, for the trainable '{info.Name}'. Next: {ProgramName.Current} plan {ShellText.Quoted(path)}, {ProgramName.Call($"sweep {ShellText.Quoted(path)}")}");
            }

            return ExitCodes.Done;
        });
        HelpWithExamples.Add(verb, "init", "init sweeps/first.json --trainable function", "init --project my-search", "init --project my-model --torch", "init --project . --name MySearch");
        return verb;
    }

    private static TrainableInfo Find(ISweepCatalog catalog, string? named)
    {
        if (named is null)
            return StarterFile.Default(catalog) ?? throw CliException.NotFound("This program registers no trainable; add one: app.Trainables.Add<MyModel>(\"my-model\").");
        return catalog.Trainables.FirstOrDefault(t => t.Name == named)
            ?? throw CliException.NotFound($"There is no trainable '{named}'{Suggestion.Hint(named, catalog.Trainables.Select(t => t.Name))}");
    }
}
