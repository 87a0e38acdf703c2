using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Orchestrator.Storage.Sqlite;

/// <summary>How a <see cref="SqliteSweepStore"/> is opened.</summary>
internal sealed class SqliteStoreOptions
{
    /// <summary>The path of the database file; it and its folder are made if they are missing.</summary>
    public required string DatabaseFile { get; init; }

    /// <summary>The full path of the folder that the database lies in.</summary>
    public string Home => Path.GetDirectoryName(Path.GetFullPath(DatabaseFile))!;

    /// <summary>What a committed result outlives. Default: the kill of any process.</summary>
    public StorageDurability Durability { get; init; } = StorageDurability.Process;

    /// <summary>The clock of deadlines and warnings; records carry their own times. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Hears of a store that waits, fails, or is called back into an exception. Default: nobody.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>How many commands wait for the writer before appending blocks; at least 1. Default: 8192.</summary>
    public int QueueCapacity { get; init; } = 8192;

    /// <summary>How long disposing waits for a database that another process holds, before what waits is given up. Default: 10 s.</summary>
    public TimeSpan DisposeGrace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Seeds the jitter of the writer's back-off; processes should differ. Default: the process id.</summary>
    public long JitterSeed { get; init; } = Environment.ProcessId;

    /// <summary>The schema's versions, oldest first. Default: all there are; tests add to them.</summary>
    internal IReadOnlyList<SqliteMigration> Migrations { get; init; } = SqliteMigrations.All;

    /// <summary>The most pages the database may have: a full disk, for tests. Default: no limit.</summary>
    internal int? MaxPages { get; init; }
}
