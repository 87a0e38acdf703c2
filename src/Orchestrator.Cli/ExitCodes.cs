namespace Orchestrator.Cli;

/// <summary>What the program's exit code says.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Internal = 1;
    public const int Usage = 2;
    public const int InvalidFile = 3;
    public const int SomeFailed = 4;
    public const int NoneSucceeded = 5;
    public const int Busy = 6;
    public const int Interrupted = 130;
    public const int Terminated = 143;

    /// <summary>
    /// The exit code of a sweep that ended by itself, or on a request from elsewhere: that is a Ctrl-C by other means, so a script does
    /// not take what is unfinished for done. A pruned run is a success: early stopping did its work.
    /// </summary>
    public static int Of(SweepEndKind end, RunCounts counts) => end switch
    {
        SweepEndKind.CircuitBreaker => NoneSucceeded,
        SweepEndKind.Fault => Internal,
        SweepEndKind.Requested => Interrupted,
        _ when counts.Failed == 0 => Done,
        _ => counts.Completed + counts.Pruned == 0 ? NoneSucceeded : SomeFailed,
    };
}
