using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;

namespace Orchestrator.Tracking.Mlflow;

/// <summary>Makes the tracker <c>mlflow</c>. All of a process share its connections, and what is known of a server.</summary>
internal sealed class MlflowTrackerFactory(TimeProvider time, Func<string, string?> variable, Random random) : ITrackerFactory, IDisposable
{
    private readonly Lazy<HttpClient> _http = new(static () => new HttpClient(
        new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), ConnectTimeout = TimeSpan.FromSeconds(15), UseCookies = false })
    {
        Timeout = Timeout.InfiniteTimeSpan, // each request has its own
    });

    private readonly ConcurrentDictionary<MlflowServer, Lazy<MlflowClient>> _clients = new();
    private readonly ConcurrentDictionary<(MlflowServer, string), MlflowExperiments> _experiments = new();

    public MlflowTrackerFactory(TimeProvider time)
        : this(time, Environment.GetEnvironmentVariable, Random.Shared)
    {
    }

    public TrackerInfo Info { get; } = new("mlflow", new Dictionary<string, TrackerOption>
    {
        ["uri"] = new(ParameterKind.Text, "The tracking server's address, http or https. Default: the variable MLFLOW_TRACKING_URI."),
        ["experiment"] = new(ParameterKind.Text, "The MLflow experiment, made if there is none. Default: the variable MLFLOW_EXPERIMENT_NAME, else the sweep's name."),
        ["timeout"] = new(ParameterKind.Float, "How long one request may take, in seconds. Default: 30."),
        ["giveUpAfter"] = new(ParameterKind.Float, "How long a request is tried again while the server is away or overloaded, in seconds. Default: 120."),
    })
    {
        Grace = TimeSpan.FromSeconds(30),
    };

    public ITracker Create(TrackerContext context)
    {
        var server = ServerOf(context);
        var experiment = context.Text("experiment", variable("MLFLOW_EXPERIMENT_NAME") is { Length: > 0 } named ? named : context.Run.SweepName);
        var client = _clients.GetOrAdd(server, s => new Lazy<MlflowClient>(() => new MlflowClient(_http.Value, s, time, random))).Value;
        var experiments = _experiments.GetOrAdd((server, experiment), static key => new MlflowExperiments(key.Item2));
        return new MlflowTracker(context, new MlflowApi(client), experiments, server.GiveUpAfter, time);
    }

    public void Dispose()
    {
        if (_http.IsValueCreated)
            _http.Value.Dispose();
        foreach (var client in _clients.Values.Where(c => c.IsValueCreated))
            client.Value.Dispose();
    }

    private MlflowServer ServerOf(TrackerContext context)
    {
        var text = context.Text("uri", variable("MLFLOW_TRACKING_URI") ?? "");
        if (text.Length == 0)
            throw new ArgumentException("The tracker 'mlflow' needs the address of a tracking server: the option 'uri' or the variable MLFLOW_TRACKING_URI.");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
            throw new ArgumentException($"The tracker 'mlflow' speaks with servers over http and https; got '{text}'.");
        return new MlflowServer(uri)
        {
            Authorization = Credentials(uri),
            Timeout = Seconds(context, "timeout", 30),
            GiveUpAfter = Seconds(context, "giveUpAfter", 120),
        };
    }

    /// <summary>As MLflow's own client has it: a name and a password before a token.</summary>
    private AuthenticationHeaderValue? Credentials(Uri uri)
    {
        if (uri.UserInfo.Split(':', 2) is [{ Length: > 0 } user, var password])
            return MlflowServer.Basic(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password));
        if (variable("MLFLOW_TRACKING_USERNAME") is { Length: > 0 } name)
            return MlflowServer.Basic(name, variable("MLFLOW_TRACKING_PASSWORD") ?? "");
        return variable("MLFLOW_TRACKING_TOKEN") is { Length: > 0 } token ? new AuthenticationHeaderValue("Bearer", token) : null;
    }

    private static TimeSpan Seconds(TrackerContext context, string option, double fallback)
    {
        var seconds = context.Number(option, fallback);
        return seconds is > 0 and <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : throw new ArgumentException(FormattableString.Invariant($"The option '{option}' of tracker 'mlflow' must be above 0 and at most 86400 seconds; got {seconds}."));
    }
}

/// <summary>An experiment whose id is asked for once, by whichever run comes first; a failure is not kept.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose handle nobody asks for holds nothing.")]
internal sealed class MlflowExperiments(string name)
{
    private readonly SemaphoreSlim _one = new(1);
    private volatile string? _id;

    public async Task<string> FindAsync(MlflowApi api, CancellationToken cancellationToken)
    {
        if (_id is { } known)
            return known;
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _id ??= await api.ExperimentAsync(name, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }
}
