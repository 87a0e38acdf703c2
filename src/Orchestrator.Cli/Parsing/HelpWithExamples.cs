using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;

namespace Orchestrator.Cli.Parsing;

/// <summary>The library's help, with a verb's examples below it.</summary>
internal sealed class HelpWithExamples(SynchronousCommandLineAction help) : SynchronousCommandLineAction
{
    private static readonly ConditionalWeakTable<Command, string[]> Examples = [];
    private static readonly ConditionalWeakTable<Command, string[]> Notes = [];

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <summary>Puts this help in the place of the library's.</summary>
    public static void Use(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Description = "Show help";
        foreach (var slashed in option.Aliases.Where(a => a.StartsWith('/')).ToArray())
            option.Aliases.Remove(slashed); // elsewhere these are paths
        option.Action = new HelpWithExamples((SynchronousCommandLineAction)option.Action!);
        root.Options.OfType<VersionOption>().Single().Description = "Show the version";
    }

    /// <summary>Gives a verb its examples, each as typed after the program's name.</summary>
    public static void Add(Command verb, params string[] examples) => Examples.Add(verb, examples);

    /// <summary>Gives a verb what its help says beyond the one line in the list of verbs, line by line.</summary>
    public static void Explain(Command verb, params string[] lines) => Notes.Add(verb, lines);

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var result = Render(parseResult, out var text);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine(text.TrimEnd());
        if (Notes.TryGetValue(parseResult.CommandResult.Command, out var notes))
        {
            output.WriteLine();
            foreach (var line in notes)
                output.WriteLine(line);
        }

        if (!Examples.TryGetValue(parseResult.CommandResult.Command, out var examples))
            return result;
        output.WriteLine();
        output.WriteLine("Examples:");
        foreach (var example in examples)
            output.WriteLine($"  {ProgramName.Current} {example}");
        return result;
    }

    /// <summary>The library knows the program by the name of its file; people know it by another one.</summary>
    private int Render(ParseResult parsed, out string text)
    {
        var configuration = parsed.InvocationConfiguration;
        var output = configuration.Output;
        using var written = new StringWriter();
        configuration.Output = written;
        try
        {
            return help.Invoke(parsed);
        }
        finally
        {
            configuration.Output = output;
            text = written.ToString().Replace($"  {RootCommand.ExecutableName} ", $"  {ProgramName.Current} ", StringComparison.Ordinal);
        }
    }
}
