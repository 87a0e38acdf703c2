using Hangfire;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Npgsql;

namespace Orchestrator.Web.Hosting;

/// <summary>Where Hangfire keeps its jobs.</summary>
internal static class JobStorages
{
    /// <summary>Jobs that have ended are kept for a week; those of sweeps are few.</summary>
    private static readonly TimeSpan Expiration = TimeSpan.FromDays(7);

    /// <summary>A job is another server's after so long without a sign of life.</summary>
    private static readonly TimeSpan Invisibility = TimeSpan.FromSeconds(30);

    /// <exception cref="WebSettingsException">The database cannot be reached, or the connection string is none.</exception>
    public static JobStorage Create(WebOptions options)
    {
        if (options.ConnectionString is not { Length: > 0 } connection)
            return new InMemoryStorage(new InMemoryStorageOptions { MaxExpirationTime = Expiration }) { JobExpirationTimeout = Expiration };
        var settings = new PostgreSqlStorageOptions
        {
            SchemaName = options.Schema,
            UseSlidingInvisibilityTimeout = true,
            InvisibilityTimeout = Invisibility,
            EnableLongPolling = true,
            QueuePollInterval = TimeSpan.FromSeconds(5),
        };
        try
        {
            return new PostgreSqlStorage(new NpgsqlConnectionFactory(connection, settings), settings) { JobExpirationTimeout = Expiration };
        }
        catch (Exception cause) when (cause is NpgsqlException or ArgumentException or InvalidOperationException)
        {
            throw new WebSettingsException($"{WebOptions.Section}:{nameof(WebOptions.ConnectionString)} cannot be used: {cause.GetBaseException().Message}", cause);
        }
    }
}
