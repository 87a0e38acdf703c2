using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Settings.Configuration;

namespace Orchestrator.Hosting;

/// <summary>
/// Logging through Serilog, configured by the section <c>Serilog</c> of appsettings.json. Standard output is left to data. What is
/// logged in a run's flow goes to that run's <c>run.log</c> as well.
/// </summary>
public static class OrchestratorLogging
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Serilog";

    private static Logger? Static;

    /// <summary>
    /// Makes Serilog the only provider: those that the host added by default write to standard output. The logger is made when first
    /// asked for, and stands behind Serilog's static <see cref="Log"/>, too, unless the program has put one there.
    /// </summary>
    public static IServiceCollection AddOrchestratorLogging(this IServiceCollection services, IConfiguration configuration) =>
        services.AddLogging(logging => logging.AddOrchestratorLogging(configuration));

    /// <inheritdoc cref="AddOrchestratorLogging(IServiceCollection, IConfiguration)"/>
    public static ILoggingBuilder AddOrchestratorLogging(this ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.ClearProviders();
        logging.Services.TryAddSingleton<RoutesToRunLogs>();
        logging.Services.TryAddSingleton<StandsBehindStaticLog>();
        logging.Services.AddSingleton<ILoggerProvider>(_ =>
        {
            var logger = CreateLogger(configuration);
            if (ReferenceEquals(Log.Logger, Logger.None) || ReferenceEquals(Log.Logger, Static))
                Log.Logger = Static = logger;
            return new SerilogLoggerProvider(logger, dispose: true);
        });
        // Serilog's levels decide alone.
        return logging.AddFilter<SerilogLoggerProvider>(null, LogLevel.Trace);
    }

    /// <summary>For a host that logs in its own way: adds only what brings events logged in a run's flow to that run's <c>run.log</c>.</summary>
    public static ILoggingBuilder AddOrchestratorRunLog(this ILoggingBuilder logging)
    {
        if (logging.Services.Any(s => s.ServiceType == typeof(RoutesToRunLogs)))
            return logging; // twice would write every line twice
        logging.Services.AddSingleton<RoutesToRunLogs>();
        logging.Services.Replace(ServiceDescriptor.Singleton(typeof(ILogger<>), typeof(RunLogRouting<>)));
        logging.Services.AddSingleton<ILoggerProvider>(static _ =>
            new SerilogLoggerProvider(new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.RunLog().CreateLogger(), dispose: true));
        return logging;
    }

    /// <summary>Whether the logger of these services is Serilog's static one, too, once it is made.</summary>
    internal static bool HasStaticLog(ServicesOnDemand services) => services.HasOwn(typeof(StandsBehindStaticLog));

    /// <summary>
    /// The logger that the configuration describes. Without its section: information and above to the runs' logs, warnings to
    /// standard error.
    /// </summary>
    /// <exception cref="InvalidOperationException">The section holds a value that Serilog does not know; the message says which.</exception>
    public static Logger CreateLogger(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        var logger = new LoggerConfiguration();
        if (!section.GetSection("MinimumLevel").Exists())
            logger.MinimumLevel.Override("Microsoft", LogEventLevel.Warning).MinimumLevel.Override("System", LogEventLevel.Warning);
        if (section.Exists())
            Read(logger, configuration);
        if (!section.GetSection("WriteTo").Exists())
            logger.WriteTo.StandardError();
        return logger.Enrich.With<RunEnricher>().WriteTo.RunLog().CreateLogger();
    }

    private static void Read(LoggerConfiguration logger, IConfiguration configuration)
    {
        // Named, because Serilog would otherwise look for sinks in every assembly beside the program; "Using" adds to them.
        var options = new ConfigurationReaderOptions(
            typeof(ConsoleLoggerConfigurationExtensions).Assembly,
            typeof(FileLoggerConfigurationExtensions).Assembly,
            typeof(OrchestratorLogging).Assembly)
        {
            SectionName = Section,
            FormatProvider = CultureInfo.InvariantCulture,
        };
        try
        {
            logger.ReadFrom.Configuration(configuration, options);
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            var inner = cause.GetBaseException();
            throw new InvalidOperationException($"The section '{Section}' of appsettings.json (or of the environment) cannot be used: {inner.Message}", cause);
        }
    }

    /// <summary>Marks services whose logging brings events to the runs' logs.</summary>
    private sealed class RoutesToRunLogs;

    /// <summary>Marks services whose logger, once made, is Serilog's static one, too.</summary>
    private sealed class StandsBehindStaticLog;
}
