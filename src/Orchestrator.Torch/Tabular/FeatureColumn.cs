namespace Orchestrator.Torch.Tabular;

/// <summary>
/// How a column becomes features. Whether it has numbers or texts is what all rows say; all else is fitted to the training rows: a number is standardised
/// by their mean and deviation (a missing one is their mean), a text has one feature for each of their values (one that is missing, or that they do not
/// have, is none of them).
/// </summary>
internal sealed class FeatureColumn
{
    private const int MostValues = 1_000;

    private readonly int _index;
    private readonly double _mean;
    private readonly double _deviation;
    private readonly Dictionary<string, int>? _values;

    private FeatureColumn(int index, double mean, double deviation) => (_index, _mean, _deviation) = (index, mean, deviation);

    private FeatureColumn(int index, Dictionary<string, int> values) => (_index, _values) = (index, values);

    /// <summary>How many features it makes; 0: no training row has a value.</summary>
    public int Width => _values?.Count ?? 1;

    /// <summary>What a person should know of it; <see langword="null"/>: nothing.</summary>
    public string? Note { get; private init; }

    /// <exception cref="InvalidDataException">A field is infinite or spells a number otherwise, or there are too many texts; the message says where.</exception>
    public static FeatureColumn Fit(CsvTable table, int index, int[] trainRows)
    {
        var firstText = FirstText(table, index, out var note);
        List<string> fields = [.. trainRows.Select(row => table.Field(row, index)).Where(field => !TabularField.IsMissing(field))];
        if (fields.Count == 0)
            return new FeatureColumn(index, []) { Note = $"{NameOf(table, index)}: no training row has a value, so it is left out." };
        if (firstText is not null)
            return new FeatureColumn(index, Places(table, index, fields)) { Note = note };
        var (mean, deviation) = Moments([.. fields.Select(Number)]);
        return double.IsFinite(mean) && double.IsFinite(deviation)
            ? new FeatureColumn(index, mean, deviation)
            : throw new InvalidDataException($"{NameOf(table, index)}: its numbers are too large to be standardised.");
    }

    /// <summary>Mean and standard deviation; the deviation of what does not vary is 1.</summary>
    public static (double Mean, double Deviation) Moments(IReadOnlyCollection<double> numbers)
    {
        if (numbers.Count == 0)
            return (0, 1);
        if (numbers.Min().Equals(numbers.Max()))
            return (numbers.First(), 1); // not by the sums, which are rounded
        var mean = numbers.Average();
        return (mean, Math.Sqrt(numbers.Average(n => (n - mean) * (n - mean))));
    }

    /// <summary>Writes the features of a row.</summary>
    public void Write(CsvTable table, int row, Span<float> features)
    {
        features.Clear();
        var field = table.Field(row, _index);
        if (_values is null)
            features[0] = TabularField.IsMissing(field) ? 0 : (float)((Number(field) - _mean) / _deviation);
        else if (_values.TryGetValue(field, out var place))
            features[place] = 1;
    }

    /// <summary>The first field that is no number, by which the column is one of texts; <see langword="null"/>: all are numbers, or missing.</summary>
    private static string? FirstText(CsvTable table, int index, out string? note)
    {
        var (text, infinite, numbers, texts, withCommas) = (-1, -1, 0, 0, 0);
        for (var row = 0; row < table.Rows.Count; row++)
        {
            var field = table.Field(row, index);
            if (TabularField.IsMissing(field))
                continue;
            if (TabularField.IsInfinite(field))
            {
                infinite = infinite < 0 ? row : infinite;
            }
            else if (TabularField.TryNumber(field, out _))
            {
                numbers++;
            }
            else
            {
                text = text < 0 ? row : text;
                texts++;
                withCommas += TabularField.IsNumberWithCommas(field) ? 1 : 0;
            }
        }

        note = null;
        if (texts == 0)
        {
            return infinite < 0 ? null : throw new InvalidDataException(
                $"{table.PlaceOf(infinite)}, column '{table.Columns[index]}': '{table.Field(infinite, index)}' is no finite number. Correct it, or leave the field empty where the value is not known.");
        }

        var first = table.Field(text, index);
        if (texts == withCommas)
        {
            throw new InvalidDataException(
                $"{table.PlaceOf(text)}, column '{table.Columns[index]}': '{first}' has a comma. Write numbers with a point, and without separators of thousands.");
        }

        if (numbers > texts)
        {
            note = $"{table.PlaceOf(text)}, column '{table.Columns[index]}': '{first}' is no number, so the column is taken as texts, "
                + $"though {numbers} of {table.Rows.Count} rows have a number there. Where the value is not known, leave the field empty.";
        }

        return first;
    }

    private static double Number(string field) => TabularField.TryNumber(field, out var number) ? number : double.NaN;

    private static Dictionary<string, int> Places(CsvTable table, int index, IEnumerable<string> fields)
    {
        var values = fields.Distinct().Order(StringComparer.Ordinal).Select((value, place) => (value, place)).ToDictionary(v => v.value, v => v.place);
        return values.Count <= MostValues
            ? values
            : throw new InvalidDataException(
                $"{NameOf(table, index)}: {values.Count} different texts are too many for a feature each ({MostValues} at most). Leave it out by the parameter 'ignore'.");
    }

    private static string NameOf(CsvTable table, int index) => $"{table.Path}, column '{table.Columns[index]}'";
}
