using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orchestrator.Torch.Diagnostics;
using Orchestrator.Torch.Native;
using Orchestrator.Torch.State;
using Orchestrator.Torch.Tabular;

namespace Orchestrator.Torch;

/// <summary>Puts TorchSharp into an orchestrator.</summary>
public static class TorchServices
{
    /// <summary>The bundled trainable that learns from any table.</summary>
    public const string TabularName = "torch-tabular";

    /// <summary>
    /// Adds what runs need that use TorchSharp: <c>TorchRun</c> in each run's scope, the states of modules, optimizers, schedules and
    /// generators in its checkpoints, the trainable <c>torch-tabular</c>, and a check by <c>doctor</c>.
    /// </summary>
    public static OrchestratorBuilder AddTorch(this OrchestratorBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Services.Any(s => s.ServiceType == typeof(TorchRun)))
            return builder;
        TorchStates.AddToProcess();
        builder.Services.TryAddScoped<TorchRun>();
        builder.AddTrainable<TorchTabular>(TabularName).AddDoctorCheck<TorchCheck>();
        return builder;
    }

    /// <summary>
    /// Loads TorchSharp's native library, for code that uses TorchSharp before anything else of this assembly, such as the tests of a model. Runs need no call.
    /// </summary>
    /// <exception cref="NotSupportedException">It is not here or does not work on this system; the message says what is missing.</exception>
    public static void LoadNativeLibrary() => TorchLibrary.Load();

    /// <summary>As <see cref="AddTorch(OrchestratorBuilder)"/>, for a program of the command line: <c>app.Services.AddTorch()</c>.</summary>
    public static IServiceCollection AddTorch(this IServiceCollection services) => services.AddOrchestrator().AddTorch().Services;
}
