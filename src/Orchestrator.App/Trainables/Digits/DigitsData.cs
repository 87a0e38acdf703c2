namespace Orchestrator.App.Trainables.Digits;

/// <summary>
/// Handwritten digits: 1,797 images of 8x8 pixels, scaled to 0..1, with labels 0 to 9. Loaded once, then read by many runs at once.
/// </summary>
/// <remarks>
/// Source: Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI Machine Learning Repository (its test part).
/// The split is a property of the data, not of a run: within each label, in file order, every fourth of five rows goes to validation,
/// every fifth to test, the other three to training. So each part holds every label in the same proportion (about 60/20/20), every
/// run sees the same parts whatever its seed, and accuracies of different runs can be compared.
/// </remarks>
internal sealed class DigitsData
{
    /// <summary>Where the file lies beside the program: below <see cref="AppContext.BaseDirectory"/>.</summary>
    public const string DefaultPath = "data/digits.csv.gz";

    /// <summary>Pixels of an image.</summary>
    public const int PixelCount = 64;

    /// <summary>Number of labels.</summary>
    public const int ClassCount = 10;

    private DigitsData(ExampleSet train, ExampleSet validation, ExampleSet test)
    {
        Train = train;
        Validation = validation;
        Test = test;
    }

    /// <summary>What weights are fitted to.</summary>
    public ExampleSet Train { get; }

    /// <summary>What hyperparameters are chosen by.</summary>
    public ExampleSet Validation { get; }

    /// <summary>What the chosen ones are judged by.</summary>
    public ExampleSet Test { get; }

    /// <summary>Loads the digits and splits them.</summary>
    /// <param name="path">
    /// A gzip CSV file of 64 pixels (0 to 16) and a label per line, without a header. A relative path is looked for
    /// in the current folder, then beside the program. Default: <see cref="DefaultPath"/> beside the program.
    /// </param>
    /// <exception cref="FileNotFoundException">There is no such file; the message names each place.</exception>
    /// <exception cref="InvalidDataException">Not gzip, or a line is not as described; the message names file and line.</exception>
    public static DigitsData Load(string? path = null)
    {
        var rows = DigitsFile.Read(Locate(path));
        var parts = new[] { new List<DigitsFile.Row>(), new List<DigitsFile.Row>(), new List<DigitsFile.Row>() };
        Span<int> seen = stackalloc int[ClassCount];
        foreach (var row in rows)
            parts[(seen[row.Label]++ % 5) switch { 3 => 1, 4 => 2, _ => 0 }].Add(row);
        return new DigitsData(ToSet(parts[0]), ToSet(parts[1]), ToSet(parts[2]));
    }

    private static ExampleSet ToSet(List<DigitsFile.Row> rows) =>
        new([.. rows.SelectMany(row => row.Pixels)], [.. rows.Select(row => row.Label)], PixelCount, ClassCount);

    private static string Locate(string? path)
    {
        var beside = Path.GetFullPath(path ?? DefaultPath, AppContext.BaseDirectory);
        string[] places = path is null ? [beside] : [.. new[] { Path.GetFullPath(path), beside }.Distinct()];
        return places.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"the digits were not found; looked for {string.Join(" and ", places)}", places[0]);
    }
}
