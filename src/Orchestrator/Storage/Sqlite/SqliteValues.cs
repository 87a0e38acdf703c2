using Orchestrator.Configuration;

namespace Orchestrator.Storage.Sqlite;

/// <summary>How values stand in the database. The numbers of states are part of its format: tests hold the enums to them.</summary>
internal static class SqliteValues
{
    private const int Retried = 7;
    private const int FirstSweepKind = 16;

    private static readonly string[] RunKinds =
        [.. Enum.GetValues<RunState>().Select(s => "run." + Words.Of(s)), "run.retried"];

    private static readonly string[] SweepKinds = [.. Enum.GetValues<SweepState>().Select(s => "sweep." + Words.Of(s))];

    public static long FromTime(DateTimeOffset time) => time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;

    public static DateTimeOffset ToTime(long stored) => new(stored + DateTimeOffset.UnixEpoch.Ticks, TimeSpan.Zero);

    /// <summary>The kind of event that a run's move makes.</summary>
    public static int KindOf(RunState from, RunState to) => from == RunState.Running && to == RunState.Queued ? Retried : (int)to;

    public static int KindOf(SweepState state) => FirstSweepKind + (int)state;

    public static string KindName(int kind) => kind >= FirstSweepKind ? SweepKinds[kind - FirstSweepKind] : RunKinds[kind];
}
