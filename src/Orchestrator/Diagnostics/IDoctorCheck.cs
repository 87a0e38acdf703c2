namespace Orchestrator.Diagnostics;

/// <summary>
/// Something that <c>doctor</c> looks at: what is available here, what is not and why. Registered in the services by whoever knows of
/// it; checks run one after the other, in the order of registration.
/// </summary>
/// <remarks>
/// A check changes nothing that anybody would miss, waits for nothing longer than a few seconds, and reports what it cannot find out as a
/// finding. What it throws nevertheless is reported as an error of its own.
/// </remarks>
public interface IDoctorCheck
{
    /// <summary>What it looks at, in a word or two: <c>database</c>.</summary>
    string Name { get; }

    /// <summary>Looks.</summary>
    Task<IReadOnlyList<DoctorFinding>> CheckAsync(CancellationToken cancellationToken);
}

/// <summary>How good a finding is.</summary>
public enum DoctorStatus
{
    /// <summary>As it should be, or nothing that is needed.</summary>
    Ok,

    /// <summary>Things work, but not for long or not well.</summary>
    Warning,

    /// <summary>Sweeps cannot be run, or results are at risk.</summary>
    Error,
}

/// <summary>What a check found.</summary>
/// <param name="Status">How good it is.</param>
/// <param name="Message">What it is, in one line.</param>
/// <param name="Remedy">What to do about it, in one line; <see langword="null"/>: nothing.</param>
public sealed record DoctorFinding(DoctorStatus Status, string Message, string? Remedy = null)
{
    /// <summary>All is well.</summary>
    public static DoctorFinding Ok(string message) => new(DoctorStatus.Ok, message);

    /// <summary>Something to look after.</summary>
    public static DoctorFinding Warning(string message, string remedy) => new(DoctorStatus.Warning, message, remedy);

    /// <summary>Something that must be put right.</summary>
    public static DoctorFinding Error(string message, string remedy) => new(DoctorStatus.Error, message, remedy);
}
