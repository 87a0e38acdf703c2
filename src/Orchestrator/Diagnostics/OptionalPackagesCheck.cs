using System.Reflection;

namespace Orchestrator.Diagnostics;

/// <summary>The packages that this product can use and do without. A feed may lack them.</summary>
internal sealed class OptionalPackagesCheck : IDoctorCheck
{
    private static readonly (string Package, string Assembly, string Project, string For)[] Packages =
    [
        ("TorchSharp", "TorchSharp", "Orchestrator.Torch", "models on tensors and GPUs"),
        ("Hangfire", "Hangfire.Core", "Orchestrator.Cluster", "a cluster by Hangfire's servers"),
    ];

    public string Name => "packages";

    public Task<IReadOnlyList<DoctorFinding>> CheckAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DoctorFinding>>([.. Packages.Select(p => Find(p.Package, p.Assembly, p.Project, p.For))]);

    private static DoctorFinding Find(string package, string assembly, string project, string purpose)
    {
        if (VersionOf(assembly) is { } version)
            return DoctorFinding.Ok($"{package} {version}: {purpose}");
        return VersionOf(project) is null
            ? DoctorFinding.Ok($"{package} ({purpose}) is not built in: this program does not contain {project}, which brings it along")
            : new DoctorFinding(
                DoctorStatus.Ok,
                $"{package} ({purpose}) is not built in: the feed had none when {project} was built, or it was built with -p:With{package}=false",
                $"To have it: a feed that has it, no artifacts/optional-packages, a new build; -p:With{package}=true shows what NuGet says, -p:{package}Version= takes another version.");
    }

    private static Version? VersionOf(string assembly)
    {
        try
        {
            return Assembly.Load(new AssemblyName(assembly)).GetName().Version;
        }
        catch (Exception cause) when (cause is IOException or BadImageFormatException)
        {
            return null;
        }
    }
}
