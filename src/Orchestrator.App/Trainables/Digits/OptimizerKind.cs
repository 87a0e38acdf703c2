namespace Orchestrator.App.Trainables.Digits;

/// <summary>How weights follow their gradients. Each decays weights apart from the gradient, see <see cref="Optimizer"/>.</summary>
internal enum OptimizerKind
{
    /// <summary>Plain stochastic gradient descent.</summary>
    Sgd,

    /// <summary>Gradient descent with heavy-ball momentum (Polyak, 1964; PyTorch's form without dampening).</summary>
    Momentum,

    /// <summary>Adam (Kingma and Ba, 2015, arXiv:1412.6980); with weight decay it is AdamW.</summary>
    Adam,
}
