using System.Runtime.CompilerServices;
using Hangfire;

namespace Orchestrator.Web.Jobs;

/// <summary>
/// Leads from Hangfire's filters, which are attributes and know no services, to the host that executes the sweeps of a job storage.
/// </summary>
internal static class SweepJobHosts
{
    private static readonly ConditionalWeakTable<JobStorage, SweepCanceler> Hosts = [];

    /// <summary>The host of a storage; <see langword="null"/> if this process has none.</summary>
    public static SweepCanceler? Of(JobStorage storage) => Hosts.TryGetValue(storage, out var host) ? host : null;

    public static void Add(JobStorage storage, SweepCanceler host) => Hosts.AddOrUpdate(storage, host);

    public static void Remove(JobStorage storage) => Hosts.Remove(storage);
}
