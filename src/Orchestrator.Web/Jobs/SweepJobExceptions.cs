namespace Orchestrator.Web.Jobs;

/// <summary>A sweep failed; its job fails with this message.</summary>
public sealed class SweepFailedException(string message) : Exception(message);

/// <summary>A sweep was ended on request; its job counts as deleted, with this message as the reason.</summary>
public sealed class SweepEndedException(string message) : Exception(message);
