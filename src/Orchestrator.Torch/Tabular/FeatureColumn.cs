using System.Globalization;

namespace Orchestrator.Torch.Tabular;

/// <summary>
/// How a column becomes features, as the training rows say and nothing else: a number is standardised by their mean and deviation (an empty field is their
/// mean), a text has one feature for each of their values (a value they do not have is none of them).
/// </summary>
internal sealed class FeatureColumn
{
    private const int MostValues = 1_000;

    private readonly int _index;
    private readonly double _mean;
    private readonly double _deviation;
    private readonly Dictionary<string, int>? _values;

    private FeatureColumn(int index, double mean, double deviation, Dictionary<string, int>? values) =>
        (_index, _mean, _deviation, _values) = (index, mean, deviation, values);

    /// <summary>How many features it makes.</summary>
    public int Width => _values?.Count ?? 1;

    public static FeatureColumn Fit(CsvTable table, int index, int[] trainRows)
    {
        var fields = trainRows.Select(row => table.Rows[row][index].Trim()).Where(f => f.Length > 0).ToList();
        var numbers = new List<double>(fields.Count);
        foreach (var field in fields)
        {
            if (!TryNumber(field, out var number))
                return OfTexts(table, index, fields);
            numbers.Add(number);
        }

        var (mean, deviation) = Moments(numbers);
        return new FeatureColumn(index, mean, deviation, null);
    }

    /// <summary>Mean and standard deviation; the deviation of what does not vary is 1.</summary>
    public static (double Mean, double Deviation) Moments(IReadOnlyCollection<double> numbers)
    {
        if (numbers.Count == 0)
            return (0, 1);
        var mean = numbers.Average();
        var deviation = Math.Sqrt(numbers.Average(n => (n - mean) * (n - mean)));
        return (mean, deviation > 0 ? deviation : 1);
    }

    public static bool TryNumber(string field, out double number) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    /// <summary>Writes the features of a row.</summary>
    /// <exception cref="InvalidDataException">A number is expected, by what the training rows have, and the field is none.</exception>
    public void Write(CsvTable table, int row, Span<float> features)
    {
        var field = table.Rows[row][_index].Trim();
        if (_values is not null)
        {
            features.Clear();
            if (_values.TryGetValue(field, out var place))
                features[place] = 1;
        }
        else if (field.Length == 0)
        {
            features[0] = 0;
        }
        else
        {
            features[0] = TryNumber(field, out var number)
                ? (float)((number - _mean) / _deviation)
                : throw new InvalidDataException($"{table.Path}, row {row + 1}, column '{table.Columns[_index]}': a number is expected, as in the training rows, got '{field}'.");
        }
    }

    private static FeatureColumn OfTexts(CsvTable table, int index, IEnumerable<string> fields)
    {
        var values = fields.Distinct().Order(StringComparer.Ordinal).Select((value, place) => (value, place)).ToDictionary(v => v.value, v => v.place);
        return values.Count <= MostValues
            ? new FeatureColumn(index, 0, 1, values)
            : throw new InvalidDataException(
                $"{table.Path}, column '{table.Columns[index]}': {values.Count} different texts are too many for a feature each ({MostValues} at most). Leave the column out of the file.");
    }
}
