namespace Orchestrator.Zoo;

/// <summary>
/// A training of a few milliseconds an epoch that has all that a checkpoint holds: weights, an optimizer's memory, and noise drawn from the run's
/// generator in every step. Fits a line to points by gradient descent with momentum, and saves after each epoch.
/// </summary>
public sealed class Descent(RunContext run) : ITrainable, ICheckpointable
{
    private const double Rate = 0.05;
    private readonly double[] _state = new double[4]; // slope, offset, and the velocity of each

    public async Task TrainAsync(CancellationToken cancellationToken)
    {
        var momentum = run.Parameters.Get("momentum", 0.9);
        var epochs = run.Parameters.Get("epochs", 80);
        run.Register("descent", this, disposeAtEnd: false);
        for (var epoch = await run.Checkpoints.RestoreAsync(cancellationToken) + 1; epoch <= epochs; epoch++)
        {
            var loss = Epoch(momentum);
            await Task.Delay(TimeSpan.FromMilliseconds(3), cancellationToken); // else all of it is over before a kill takes effect
            await run.ReportAsync(epoch, [("trainLoss", loss), ("valLoss", Math.Pow(_state[0] - 3, 2) + Math.Pow(_state[1] + 1, 2))], cancellationToken);
            await run.Checkpoints.SaveAsync(epoch, cancellationToken);
        }
    }

    public void SaveState(Stream stream)
    {
        foreach (var number in _state)
            stream.Write(BitConverter.GetBytes(number));
    }

    public void LoadState(Stream stream)
    {
        var bytes = new byte[sizeof(double)];
        for (var i = 0; i < _state.Length; i++)
        {
            stream.ReadExactly(bytes);
            _state[i] = BitConverter.ToDouble(bytes);
        }
    }

    private double Epoch(double momentum)
    {
        var sum = 0.0;
        for (var step = 0; step < 32; step++)
        {
            var x = (2 * run.Random.NextDouble()) - 1;
            var error = (_state[0] * x) + _state[1] - ((3 * x) - 1 + (0.1 * run.Random.NextDouble()));
            sum += error * error;
            _state[2] = (momentum * _state[2]) - (Rate * error * x);
            _state[3] = (momentum * _state[3]) - (Rate * error);
            _state[0] += _state[2];
            _state[1] += _state[3];
        }

        return sum / 32;
    }
}
