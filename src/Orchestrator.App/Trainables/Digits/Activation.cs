namespace Orchestrator.App.Trainables.Digits;

/// <summary>The non-linearity after each hidden layer.</summary>
internal enum Activation
{
    /// <summary>max(0, x).</summary>
    Relu,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>1 / (1 + exp(-x)).</summary>
    Sigmoid,

    /// <summary>Gaussian error linear unit in its tanh form (Hendrycks and Gimpel, 2016, arXiv:1606.08415).</summary>
    Gelu,
}
