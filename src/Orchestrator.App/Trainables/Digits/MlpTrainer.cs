using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Orchestrator.App.Trainables.Digits;

/// <summary>Mean loss in nats and share of right answers, 0 to 1, over examples. The loss of a diverged run is not finite.</summary>
internal readonly record struct EpochResult(double Loss, double Accuracy);

/// <summary>
/// Trains a multilayer perceptron by mini-batches in managed code. Same options, examples and generator state give the same bits on one
/// machine, whatever runs beside it: instances share nothing that changes, and one instance serves one thread at a time.
/// </summary>
internal sealed class MlpTrainer : ICheckpointable
{
    private readonly ExampleSet _train;
    private readonly Random _random;
    private readonly MlpNetwork _network;
    private readonly int _batchSize;
    private readonly int[] _order;
    private readonly int[] _labels;
    private readonly float[] _features;

    /// <summary>Allocates all that training needs and draws the first weights.</summary>
    /// <param name="options">Validated here, then copied.</param>
    /// <param name="train">What to fit; shared, never written.</param>
    /// <param name="random">
    /// The only source of chance: of weights, the order of rows and dropout, in this order. <see cref="Random.NextDouble"/> and
    /// <see cref="Random.Next(int)"/> are all that is called; it must be this trainer's own.
    /// </param>
    /// <exception cref="ArgumentException">An option is out of range, or there are no examples.</exception>
    public MlpTrainer(MlpOptions options, ExampleSet train, Random random)
    {
        options.Validate();
        if (train.Count == 0)
            throw new ArgumentException("there must be at least one training example, got 0", nameof(train));
        _train = train;
        _random = random;
        _batchSize = Math.Min(options.BatchSize, train.Count);
        _network = new MlpNetwork(options, train.FeatureCount, train.ClassCount, _batchSize, random);
        Optimizer = Optimizer.Create(options, _network.Parameters);
        _order = new int[train.Count];
        _labels = new int[_batchSize];
        _features = new float[_batchSize * train.FeatureCount];
    }

    /// <summary>All weights and biases; with the states of optimizer and generator, all that going on between epochs needs.</summary>
    public MlpParameters Parameters => _network.Parameters;

    /// <summary>What moves the parameters.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>Passes once over the training examples in a new random order; the last batch may be smaller. Allocates nothing.</summary>
    /// <param name="cancellationToken">Looked at before each batch. Once cancelled, the trainer stands in mid-epoch.</param>
    /// <returns>Loss and accuracy as the batches went by, each before its own step and with dropout.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public EpochResult TrainEpoch(CancellationToken cancellationToken)
    {
        Shuffle();
        var lossSum = 0.0;
        var correct = 0;
        for (var start = 0; start < _order.Length; start += _batchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var rows = _order.AsSpan(start, Math.Min(_batchSize, _order.Length - start));
            for (var i = 0; i < rows.Length; i++)
                Fill(_train, rows[i], i);
            var batch = _network.Backward(_features.AsSpan(0, rows.Length * _train.FeatureCount), _labels.AsSpan(0, rows.Length));
            Optimizer.Step();
            lossSum += batch.LossSum;
            correct += batch.Correct;
        }

        return new EpochResult(lossSum / _order.Length, (double)correct / _order.Length);
    }

    /// <summary>Loss and accuracy over any examples of the same shape, nothing dropped and nothing changed. Allocates nothing.</summary>
    /// <exception cref="ArgumentException">The examples have another shape than those trained on, or there are none.</exception>
    public EpochResult Evaluate(ExampleSet examples)
    {
        if (examples.Count == 0 || examples.FeatureCount != _train.FeatureCount || examples.ClassCount != _train.ClassCount)
            throw new ArgumentException(
                $"there must be examples of {_train.FeatureCount} features and {_train.ClassCount} classes, "
                + $"got {examples.Count} of {examples.FeatureCount} and {examples.ClassCount}",
                nameof(examples));
        var lossSum = 0.0;
        var correct = 0;
        for (var start = 0; start < examples.Count; start += _batchSize)
        {
            var rows = Math.Min(_batchSize, examples.Count - start);
            for (var i = 0; i < rows; i++)
                Fill(examples, start + i, i);
            var logits = _network.Forward(_features.AsSpan(0, rows * _train.FeatureCount), rows, training: false);
            var batch = SoftmaxCrossEntropy.Evaluate(logits, _labels.AsSpan(0, rows), gradient: []);
            lossSum += batch.LossSum;
            correct += batch.Correct;
        }

        return new EpochResult(lossSum / examples.Count, (double)correct / examples.Count);
    }

    /// <summary>
    /// Writes all that going on between epochs needs, but the generator: the number of steps, the weights and the optimizer's arrays, each with its
    /// length, little-endian.
    /// </summary>
    public void SaveState(Stream stream)
    {
        Span<byte> number = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(number, Optimizer.StepCount);
        stream.Write(number);
        Save(stream, Parameters.Values);
        foreach (var array in Optimizer.State)
            Save(stream, array.Span);
    }

    /// <summary>Takes in a state of the same shape.</summary>
    /// <exception cref="InvalidDataException">It is that of another network or optimizer.</exception>
    public void LoadState(Stream stream)
    {
        Span<byte> number = stackalloc byte[sizeof(int)];
        stream.ReadExactly(number);
        Optimizer.GoOnFrom(BinaryPrimitives.ReadInt32LittleEndian(number));
        Load(stream, Parameters.Values);
        foreach (var array in Optimizer.State)
            Load(stream, array.Span);
    }

    private static void Save(Stream stream, ReadOnlySpan<float> values)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, values.Length);
        stream.Write(length);
        stream.Write(MemoryMarshal.AsBytes(values));
    }

    private static void Load(Stream stream, Span<float> values)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        stream.ReadExactly(length);
        var saved = BinaryPrimitives.ReadInt32LittleEndian(length);
        if (saved != values.Length)
            throw new InvalidDataException($"there must be {values.Length} numbers, got {saved}: the state is that of another network or optimizer");
        stream.ReadExactly(MemoryMarshal.AsBytes(values));
    }

    // Starts from file order each time, so that the order depends on nothing but the generator's state; Fisher and Yates.
    private void Shuffle()
    {
        for (var i = 0; i < _order.Length; i++)
            _order[i] = i;
        for (var i = _order.Length - 1; i > 0; i--)
        {
            var j = _random.Next(i + 1);
            (_order[i], _order[j]) = (_order[j], _order[i]);
        }
    }

    private void Fill(ExampleSet source, int row, int position)
    {
        source.Row(row).CopyTo(_features.AsSpan(position * source.FeatureCount));
        _labels[position] = source.Labels[row];
    }
}
