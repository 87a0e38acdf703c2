using Microsoft.Extensions.DependencyInjection;
using Orchestrator.Diagnostics;

namespace Orchestrator.Hosting;

/// <summary>What the engine lets <c>doctor</c> look at.</summary>
internal static class DoctorServices
{
    public static IServiceCollection AddDoctorChecks(this IServiceCollection services) => services
        .AddSingleton<IDoctorCheck, HomeCheck>()
        .AddSingleton<IDoctorCheck, DatabaseCheck>()
        .AddSingleton<IDoctorCheck, LeftoversCheck>()
        .AddSingleton<IDoctorCheck, SocketsCheck>()
        .AddSingleton<IDoctorCheck, ClockCheck>()
        .AddSingleton<IDoctorCheck, MachineCheck>()
        .AddSingleton<IDoctorCheck, GpuCheck>()
        .AddSingleton<IDoctorCheck, PoolsCheck>()
        .AddSingleton<IDoctorCheck, RegistrationsCheck>();
}
