namespace Orchestrator.Diagnostics;

/// <summary>Whether the clock can be believed: ids, leases of other machines and the order of what happened rest on it.</summary>
internal sealed class ClockCheck(TimeProvider time) : IDoctorCheck
{
    /// <summary>Nobody has run this before it was written.</summary>
    private static readonly DateTimeOffset Earliest = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public string Name => "clock";

    public Task<IReadOnlyList<DoctorFinding>> CheckAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var said = FormattableString.Invariant($"{now:yyyy-MM-dd HH:mm:ss} UTC, local zone {time.LocalTimeZone.Id}");
        return Task.FromResult<IReadOnlyList<DoctorFinding>>(
            [now < Earliest ? DoctorFinding.Error(said + ": that is in the past", "Set the clock, best by NTP.") : DoctorFinding.Ok(said)]);
    }
}
