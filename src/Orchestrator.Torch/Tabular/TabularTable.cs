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

    /// <exception cref="InvalidDataException">The table does not serve; the message says why.</exception>
    public static TabularTable Load(TabularOptions options) => Of(CsvTable.Read(options.Path, options.HasHeader), options);

    internal static TabularTable Of(CsvTable table, TabularOptions options)
    {
        var target = Array.IndexOf(table.Columns, options.Target);
        if (target < 0)
            throw new ArgumentException($"The parameter 'target' names the column '{options.Target}'; {table.Path} has: {string.Join(", ", table.Columns)}.");
        if (table.Columns.Length < 2)
            throw new InvalidDataException($"{table.Path} has no column beside the target '{options.Target}'.");
        var classCount = 0;
        var targets = options.IsClassification ? Classes(table, target, out classCount) : Numbers(table, target);
        var split = TabularSplit.Of([.. targets.Select(t => options.IsClassification ? (int)t : 0)], options);
        var features = Enumerable.Range(0, table.Columns.Length).Where(i => i != target).Select(i => FeatureColumn.Fit(table, i, split.Train)).ToArray();
        return new TabularTable(table, features, targets, split, classCount);
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

    private static double[] Classes(CsvTable table, int target, out int count)
    {
        var names = table.Rows.Select(r => r[target].Trim()).Distinct().Order(StringComparer.Ordinal).Select((name, number) => (name, number)).ToDictionary(n => n.name, n => n.number);
        count = names.Count;
        return count >= 2
            ? [.. table.Rows.Select(r => (double)names[r[target].Trim()])]
            : throw new InvalidDataException($"{table.Path}, column '{table.Columns[target]}': every row has the same class '{names.Keys.First()}'.");
    }

    private static double[] Numbers(CsvTable table, int target) =>
    [
        .. table.Rows.Select((r, row) => FeatureColumn.TryNumber(r[target].Trim(), out var number)
            ? number
            : throw new InvalidDataException(
                $"{table.Path}, row {row + 1}, column '{table.Columns[target]}': regression needs a number, got '{r[target]}'. For classes: task: classification.")),
    ];
}
