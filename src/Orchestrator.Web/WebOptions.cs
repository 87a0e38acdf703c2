namespace Orchestrator.Web;

/// <summary>The settings in section <c>Orchestrator:Web</c>.</summary>
public sealed class WebOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = OrchestratorOptions.Section + ":Web";

    internal const string DefaultUrls = "http://127.0.0.1:5080";

    /// <summary>
    /// Where <c>serve</c> listens, separated by semicolons; port 0 takes a free one. Elsewhere than on the loopback interface a token is
    /// required. Default: <c>http://127.0.0.1:5080</c>.
    /// </summary>
    public string Urls { get; set; } = DefaultUrls;

    /// <summary>
    /// What a request must carry: once as <c>?token=</c>, then as a cookie, or as a bearer token. Default: none on the loopback interface,
    /// elsewhere one that is made anew at each start. A proxy needs one, and so does submitting from elsewhere than the home.
    /// </summary>
    public string? Token { get; set; }

    /// <summary>Names, besides this machine's, by which the dashboard is reached through a proxy, separated by semicolons; <c>*</c> for any. Set <see cref="Token"/> as well.</summary>
    public string? AllowedHosts { get; set; }

    /// <summary>Whether the dashboard only shows: buttons are hidden and requests for changes refused. Default: no.</summary>
    public bool ReadOnly { get; set; }

    /// <summary>A PostgreSQL database in which Hangfire keeps its jobs. Default: none; jobs are kept in memory.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The schema in that database; each home needs one of its own. Default: <c>hangfire</c>.</summary>
    public string Schema { get; set; } = "hangfire";

    /// <summary>How many sweeps are executed at once, from 1 to 1,000; others wait in the queue. They share the workers. Default: 20.</summary>
    public int ConcurrentSweeps { get; set; } = 20;
}
