using System.Runtime.CompilerServices;
using Microsoft.Extensions.Configuration;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Orchestrator.Cli.Telemetry;

/// <summary>Sends spans and metrics to a collector while a sweep is executed. OpenTelemetry is loaded only if it is switched on.</summary>
internal static class OtlpExport
{
    /// <summary>Begins; <see langword="null"/> where it is not switched on. Disposing it sends what is left, for a few seconds at most.</summary>
    /// <exception cref="CliException">A setting has a value that it cannot have.</exception>
    public static IDisposable? Start(IConfiguration settings) => OtlpSettings.Read(settings) is { } on ? Begin(on) : null;

    /// <summary>Not inlined: whoever runs its caller must not load the types in here.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Providers Begin(OtlpSettings settings)
    {
        var tracing = Sdk.CreateTracerProviderBuilder()
            .AddSource(OrchestratorTelemetry.SourceName)
            .ConfigureResource(Describe)
            .AddOtlpExporter(options => Set(options, settings, "v1/traces"))
            .Build();
        var metrics = Sdk.CreateMeterProviderBuilder()
            .AddMeter(OrchestratorTelemetry.MeterName)
            .ConfigureResource(Describe)
            .AddOtlpExporter(options => Set(options, settings, "v1/metrics"))
            .Build();
        return new Providers(tracing, metrics);
    }

    private static void Describe(ResourceBuilder resource)
    {
        // The variable says it better, if it is there.
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME")))
            resource.AddService("orchestrator", serviceVersion: typeof(OtlpExport).Assembly.GetName().Version?.ToString(3));
    }

    private static void Set(OtlpExporterOptions options, OtlpSettings settings, string path)
    {
        if (settings.IsHttp is { } http)
            options.Protocol = http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        if (settings.Headers is { } headers)
            options.Headers = headers;
        if (settings.Endpoint is not { } endpoint)
            return;
        // An address that is set in code is taken as it is, one of the environment gets the path by itself.
        options.Endpoint = options.Protocol == OtlpExportProtocol.HttpProtobuf
            ? new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/" + path)
            : endpoint;
    }

    private sealed class Providers(TracerProvider tracing, MeterProvider metrics) : IDisposable
    {
        private const int MostMilliseconds = 3_000;

        public void Dispose()
        {
            tracing.Shutdown(MostMilliseconds);
            metrics.Shutdown(MostMilliseconds);
            tracing.Dispose();
            metrics.Dispose();
        }
    }
}
