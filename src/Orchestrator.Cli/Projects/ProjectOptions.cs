using System.CommandLine;
using Orchestrator.Cli.Json;
using Orchestrator.Cli.Parsing;

namespace Orchestrator.Cli.Projects;

/// <summary><c>init --project [DIR] [--name NAME] [--torch]</c>: a program of one's own, where nothing is overwritten.</summary>
internal sealed class ProjectOptions
{
    private readonly Option<string?> _project = new("--project")
    {
        Description = "Write a program of your own into a folder: project file, trainable, sweep file [default: the current folder]",
        HelpName = "DIR",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<string?> _name = new("--name") { Description = "The project's name [default: the folder's]", HelpName = "NAME" };

    private readonly Option<bool> _torch = new("--torch") { Description = "Its trainable is a model of TorchSharp's, trained on the processor, or on a GPU where the project refers to CUDA" };

    public void AddTo(Command verb)
    {
        verb.Add(_project);
        verb.Add(_name);
        verb.Add(_torch);
        verb.Validators.Add(parsed =>
        {
            if (parsed.GetResult(_name) is not null && parsed.GetResult(_project) is null)
                parsed.AddError("--name is the name of a project and needs --project.");
            if (parsed.GetValue(_torch) && parsed.GetResult(_project) is null)
                parsed.AddError("--torch is a kind of project and needs --project.");
        });
    }

    /// <summary>Whether a project is asked for, not a sweep file.</summary>
    public bool IsAsked(ParseResult parsed) => parsed.GetResult(_project) is not null;

    /// <summary>Writes the project; says where it is and what to type next.</summary>
    /// <exception cref="CliException">The name is none, or a file is there already.</exception>
    public int Write(CliApp app, ParseResult parsed, bool json)
    {
        var folder = Path.GetFullPath(parsed.GetValue(_project) ?? ".");
        var name = parsed.GetValue(_name) ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        if (!ProjectTemplate.IsName(name))
            throw CliException.Usage($"A project's name begins with a letter and has letters, digits, '.', '-' and '_', unlike '{name}'; --name gives it one.");
        var source = LibrarySource.Find(AppContext.BaseDirectory);
        var files = ProjectTemplate.Files(name, folder, parsed.GetValue(_torch), source);
        Refuse(folder, files.Keys);
        try
        {
            Directory.CreateDirectory(folder);
            foreach (var (file, text) in files)
                WriteNew(Path.Combine(folder, file), text);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw CliException.Usage($"The project cannot be written: {cause.Message}");
        }

        if (json)
        {
            JsonOutput.Write(app.Console, writer =>
            {
                writer.WriteString("project", name);
                writer.WriteString("folder", folder);
                writer.WriteStartArray("files");
                foreach (var file in files.Keys)
                    writer.WriteStringValue(file);
                writer.WriteEndArray();
            });
            return ExitCodes.Done;
        }

        var here = Path.GetRelativePath(Environment.CurrentDirectory, folder);
        if (here.Length > folder.Length)
            here = folder;
        app.Console.Out.WriteLine($"The project {name} is written: {string.Join(", ", files.Keys)}.");
        if (source is { Checkout: null, Feed: null })
            app.Console.Out.WriteLine($"Its packages, {LibrarySource.PackagePrefix}.* {LibrarySource.Version}, must be on a feed that NuGet knows here.");
        app.Console.Out.WriteLine($"Next: {(here == "." ? "" : $"cd {ShellText.Quoted(here)} && ")}dotnet run -- sweep sweep.yaml");
        return ExitCodes.Done;
    }

    /// <summary>Before anything is written, so that a refusal leaves no half of a project.</summary>
    private static void Refuse(string folder, IEnumerable<string> files)
    {
        if (File.Exists(folder))
            throw CliException.Usage($"'{folder}' is a file; --project takes a folder.");
        if (!Directory.Exists(folder))
            return;
        var taken = files.Where(file => Path.Exists(Path.Combine(folder, file))).Concat(Directory.GetFiles(folder, "*.csproj").Select(f => Path.GetFileName(f))).Distinct().ToArray();
        if (taken.Length > 0)
            throw CliException.Usage($"Nothing is written: '{folder}' has {string.Join(", ", taken)} already. A project needs a folder without them.");
    }

    private static void WriteNew(string path, string text)
    {
        using var writer = new StreamWriter(new FileStream(path, FileMode.CreateNew));
        writer.Write(text);
    }
}
