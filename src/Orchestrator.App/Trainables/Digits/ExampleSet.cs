namespace Orchestrator.App.Trainables.Digits;

/// <summary>Labelled examples, read-only once built: any number of runs may read one instance at the same time.</summary>
internal sealed class ExampleSet
{
    private readonly float[] _features;
    private readonly int[] _labels;

    /// <summary>Takes over both arrays; the caller must not change them afterwards.</summary>
    /// <param name="features">Row by row, <paramref name="featureCount"/> numbers for each label.</param>
    /// <param name="labels">The class of each row, 0 to <paramref name="classCount"/> - 1.</param>
    /// <param name="featureCount">Numbers per row, at least 1.</param>
    /// <param name="classCount">Number of classes, at least 2.</param>
    /// <exception cref="ArgumentException">The shapes do not fit together, or a label is out of range.</exception>
    public ExampleSet(float[] features, int[] labels, int featureCount, int classCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(featureCount, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        if (features.Length != labels.Length * featureCount)
            throw new ArgumentException(
                $"{labels.Length} rows of {featureCount} features need {labels.Length * featureCount} numbers, got {features.Length}",
                nameof(features));
        foreach (var label in labels)
            if (label < 0 || label >= classCount)
                throw new ArgumentException($"a label must be 0 to {classCount - 1}, got {label}", nameof(labels));
        _features = features;
        _labels = labels;
        FeatureCount = featureCount;
        ClassCount = classCount;
    }

    /// <summary>Number of rows.</summary>
    public int Count => _labels.Length;

    /// <summary>Numbers per row.</summary>
    public int FeatureCount { get; }

    /// <summary>Number of classes.</summary>
    public int ClassCount { get; }

    /// <summary>The class of each row.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>The features of all rows, one after the other.</summary>
    public ReadOnlySpan<float> Features => _features;

    /// <summary>The features of one row.</summary>
    public ReadOnlySpan<float> Row(int index) => _features.AsSpan(index * FeatureCount, FeatureCount);
}
