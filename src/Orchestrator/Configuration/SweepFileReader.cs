namespace Orchestrator.Configuration;

/// <summary>
/// Reads sweep files, JSON or YAML, into definitions, and reports every mistake at once, each with its place. Never throws
/// because of what a file holds. Safe for concurrent use.
/// </summary>
internal static class SweepFileReader
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; a file that cannot be read is a problem like any other.</param>
    /// <param name="catalog">The trainables and trackers that the file may name.</param>
    /// <param name="sets">
    /// <c>path=value</c> arguments, put into the file before it is validated; later ones win. The path is dotted, a key with a dot in
    /// quotes, an index into a list a number; the value is YAML.
    /// </param>
    public static SweepFileResult ReadFile(string path, ISweepCatalog catalog, IReadOnlyList<string>? sets = null) =>
        Read(() => SweepFileText.Load(path), path, catalog, sets ?? [], SweepOrigin.Here(path));

    /// <summary>Reads a text as if it stood in a file of that name.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fileName">
    /// The name shown with problems. Its extension decides between JSON and YAML (the text's first character, where it does not); without
    /// it, it is the sweep's name if the text gives none.
    /// </param>
    /// <param name="catalog">The trainables and trackers that the file may name.</param>
    /// <param name="sets">As in <see cref="ReadFile"/>.</param>
    /// <param name="origin">What relative paths in it belong to; <see langword="null"/>: not known.</param>
    public static SweepFileResult ReadText(
        string text, string fileName, ISweepCatalog catalog, IReadOnlyList<string>? sets = null, SweepOrigin? origin = null) =>
        Read(() => text, fileName, catalog, sets ?? [], origin);

    private static SweepFileResult Read(Func<string> load, string file, ISweepCatalog catalog, IReadOnlyList<string> sets, SweepOrigin? origin)
    {
        var problems = new ProblemCollector();
        var root = Attempt(problems, () => Parse(load(), file));
        foreach (var set in sets)
        {
            if (Attempt(problems, () => SetArgument.Parse(set)) is { } argument && root is MappingNode mapping)
                Attempt(problems, () => Apply(argument, mapping));
        }

        var definition = root is null ? null : Bind(root, file, catalog, problems, origin);
        return new SweepFileResult(file, problems.HasErrors ? null : definition,
            problems.InOrder([file, .. sets.Select(SetArgument.FileOf)])) { Root = root };
    }

    private static DocumentNode Parse(string text, string file)
    {
        if (text.StartsWith('\uFEFF'))
            text = text[1..];
        SweepFileText.CheckText(file, text);
        return DocumentReader.Read(text, file);
    }

    private static SweepDefinition? Bind(DocumentNode root, string file, ISweepCatalog catalog, ProblemCollector problems, SweepOrigin? origin)
    {
        new StructureValidator(problems).Check(root);
        if (root is not MappingNode)
            return null;
        var parameters = new ParameterBinder();
        var definition = SweepBinder.Bind(Cursor.AtRoot(root, problems), parameters);
        definition.Name ??= NameOf(file);
        // Where it is not known which parameters there are, no name is known to be wrong.
        IReadOnlyList<string> unsound = problems.IsWrong("/parameters") ? [.. parameters.Unsound, .. CommandRules.ParametersIn(definition)] : parameters.Unsound;
        var meanings = parameters.Problems
            .Concat(SweepDefinitionValidator.CheckMeaning(definition, catalog, hasDelegate: false, origin, unsound))
            .Select(p => p with { Path = InFile(p.Path, root) });
        foreach (var problem in Consequences.Without(meanings, problems))
            problems.Add(problem, DocumentPlaces.Find(root, problem.Path).Place);
        return definition;
    }

    /// <summary>A path into a definition as a path into the file, where the metric may stand under 'metrics'.</summary>
    private static string InFile(string path, DocumentNode root)
    {
        var isMetric = path == "/metric" || path.StartsWith("/metric/", StringComparison.Ordinal);
        return isMetric && root is MappingNode mapping && !mapping.TryFind("metric", out _) && mapping.TryFind("metrics", out _)
            ? "/metrics/0" + path["/metric".Length..]
            : path;
    }

    private static string? NameOf(string file) =>
        Path.GetFileNameWithoutExtension(file) is var name && !string.IsNullOrWhiteSpace(name) ? name : null;

    private static bool Apply(SetArgument argument, MappingNode root)
    {
        argument.Apply(root);
        return true;
    }

    private static T? Attempt<T>(ProblemCollector problems, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (DocumentSyntaxException cause)
        {
            problems.Error(cause.Code, "", cause.Place, cause.Message);
            return default;
        }
    }
}
