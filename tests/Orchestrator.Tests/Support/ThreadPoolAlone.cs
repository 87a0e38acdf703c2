namespace Orchestrator.Tests.Support;

/// <summary>Tests that take the whole thread pool away: one after another, when all others are done, which would wait for it.</summary>
[CollectionDefinition(nameof(ThreadPoolAlone), DisableParallelization = true)]
public sealed class ThreadPoolAlone;
