namespace Orchestrator.Torch.Tabular;

/// <summary>A table made ready: features and targets of each part, as numbers.</summary>
internal sealed class TabularTable
{
    private readonly CsvTable _table;
    private readonly FeatureColumn[] _features;
    private readonly double[] _targets;
    private readonly TabularSplit _split;

    private TabularTable(CsvTable table, FeatureColumn[] features, double[] targets, TabularSplit split, int classCount)
    {
        (_table, _features, _targets, _split, ClassCount) = (table, features, targets, split, classCount);
        Width = features.Sum(f => f.Width);
        Notes = [.. features.Select(f => f.Note).OfType<string>()];
        (TargetMean, TargetDeviation) = classCount > 0 ? (0, 1) : FeatureColumn.Moments([.. split.Train.Select(row => targets[row])]);
    }

    /// <summary>Features of a row.</summary>
    public int Width { get; }

    /// <summary>Classes; 0: the target is a number.</summary>
    public int ClassCount { get; }

    /// <summary>What a number as target is standardised by.</summary>
    public double TargetMean { get; }

    public double TargetDeviation { get; }

    public TabularSplit Split => _split;

    /// <summary>What a person should know of the columns.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <exception cref="InvalidDataException">The table does not serve; the message says why.</exception>
    public static TabularTable Load(TabularOptions options) => Of(CsvTable.Read(options.Path, options.HasHeader), options);

    internal static TabularTable Of(CsvTable table, TabularOptions options)
    {
        var target = IndexOf(table, "target", options.Target);
        int[] ignored = [.. options.Ignore.Select(name => IndexOf(table, "ignore", name))];
        int[] columns = [.. Enumerable.Range(0, table.Columns.Length).Except([.. ignored, target])];
        if (ignored.Contains(target))
            throw new ArgumentException($"The parameters 'target' and 'ignore' both name the column '{options.Target}'.");
        if (columns.Length == 0)
            throw new InvalidDataException($"{table.Path} has no column beside the target '{options.Target}'{(ignored.Length > 0 ? " and those to ignore" : "")}.");
        var classCount = 0;
        var targets = options.IsClassification ? Classes(table, target, out classCount) : Numbers(table, target);
        var split = TabularSplit.Of([.. targets.Select(t => options.IsClassification ? (int)t : 0)], options);
        FeatureColumn[] features = [.. columns.Select(i => FeatureColumn.Fit(table, i, split.Train))];
        return features.Any(f => f.Width > 0)
            ? new TabularTable(table, features, targets, split, classCount)
            : throw new InvalidDataException($"{table.Path}: no training row has a value in any column beside the target '{options.Target}'.");
    }

    /// <summary>The features of rows, row by row.</summary>
    public float[] Features(int[] rows)
    {
        var all = new float[rows.Length * Width];
        for (var i = 0; i < rows.Length; i++)
        {
            var at = i * Width;
            foreach (var feature in _features)
            {
                feature.Write(_table, rows[i], all.AsSpan(at, feature.Width));
                at += feature.Width;
            }
        }

        return all;
    }

    /// <summary>The classes of rows.</summary>
    public long[] ClassTargets(int[] rows) => [.. rows.Select(row => (long)_targets[row])];

    /// <summary>The targets of rows, standardised.</summary>
    public float[] NumberTargets(int[] rows) => [.. rows.Select(row => (float)((_targets[row] - TargetMean) / TargetDeviation))];

    private static int IndexOf(CsvTable table, string parameter, string column)
    {
        var index = Array.IndexOf(table.Columns, column);
        if (index >= 0)
            return index;
        var separator = table.Columns.Length == 1 ? ";\t|".FirstOrDefault(c => table.Columns[0].Contains(c, StringComparison.Ordinal)) : default;
        var hint = separator == default ? "" : $" Fields are separated by commas, not by {(separator == '\t' ? "tabs" : $"'{separator}'")}.";
        throw new ArgumentException($"The parameter '{parameter}' names the column '{column}'; {table.Path} has: {table.ColumnsInWords()}.{hint}");
    }

    private static double[] Classes(CsvTable table, int target, out int count)
    {
        string[] classes = [.. table.Rows.Select((_, row) => table.Field(row, target) is { Length: > 0 } name
            ? name
            : throw new InvalidDataException($"{table.PlaceOf(row)}, column '{table.Columns[target]}': the class is missing. Leave out rows that have none."))];
        var names = classes.Distinct().Order(StringComparer.Ordinal).Select((name, number) => (name, number)).ToDictionary(n => n.name, n => n.number);
        count = names.Count;
        return count >= 2
            ? [.. classes.Select(name => (double)names[name])]
            : throw new InvalidDataException($"{table.Path}, column '{table.Columns[target]}': every row has the same class '{names.Keys.First()}'.");
    }

    private static double[] Numbers(CsvTable table, int target) =>
    [
        .. table.Rows.Select((_, row) => TabularField.TryNumber(table.Field(row, target), out var number)
            ? number
            : throw new InvalidDataException(
                $"{table.PlaceOf(row)}, column '{table.Columns[target]}': regression needs a number, got '{table.Field(row, target)}'. For classes: task: classification.")),
    ];
}
