namespace Orchestrator.App.Trainables.Digits;

/// <summary>Softmax and cross-entropy in one, the usual loss of classification, in nats.</summary>
internal static class SoftmaxCrossEntropy
{
    /// <summary>Loss and hits of a batch; with <paramref name="gradient"/>, also the mean loss's derivative.</summary>
    /// <param name="logits">[rows, classes].</param>
    /// <param name="labels">The right class of each row.</param>
    /// <param name="gradient">Empty, or [rows, classes]: out, the derivative of the mean loss by the logits.</param>
    /// <returns>The sum of the rows' losses, and the rows whose greatest logit is the label's (the first of equals counts).</returns>
    public static (double LossSum, int Correct) Evaluate(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels, Span<float> gradient)
    {
        var classes = logits.Length / labels.Length;
        var lossSum = 0.0;
        var correct = 0;
        for (var row = 0; row < labels.Length; row++)
        {
            var scores = logits.Slice(row * classes, classes);
            var label = labels[row];
            var best = 0;
            for (var i = 1; i < classes; i++)
                if (scores[i] > scores[best])
                    best = i;
            var max = scores[best];  // taken off first, so that no exponential overflows
            var sum = 0.0;
            for (var i = 0; i < classes; i++)
                sum += MathF.Exp(scores[i] - max);
            var loss = Math.Log(sum) - (scores[label] - max);
            lossSum += loss;
            if (best == label && double.IsFinite(loss))
                correct++;
            if (gradient.IsEmpty)
                continue;
            var scale = (float)(1 / (sum * labels.Length));
            var slopes = gradient.Slice(row * classes, classes);
            for (var i = 0; i < classes; i++)
                slopes[i] = MathF.Exp(scores[i] - max) * scale;
            slopes[label] -= 1f / labels.Length;
        }

        return (lossSum, correct);
    }
}
