namespace Orchestrator;

/// <summary>A run's own code found a number that is not one, a loss for example: the run fails as <see cref="FailureKind.NonFinite"/>.</summary>
/// <param name="message">Which number, and where.</param>
public sealed class NonFiniteException(string message) : ArithmeticException(message);
