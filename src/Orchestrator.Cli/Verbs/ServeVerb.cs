using System.CommandLine;
using System.Runtime.CompilerServices;
using Orchestrator.Cli.Parsing;
using Orchestrator.Cli.Serving;

namespace Orchestrator.Cli.Verbs;

/// <summary><c>serve</c>: a host with scheduler and dashboard.</summary>
internal static class ServeVerb
{
    public static Command Create(CliApp app)
    {
        var urls = new Option<string?>("--urls")
        {
            Description = "Where to listen, separated by semicolons; port 0 takes a free one [default: http://127.0.0.1:5080]",
            HelpName = "URLS",
        };
        var token = new Option<string?>("--token") { Description = "What a request must carry [default: none on loopback addresses, else made anew at each start]", HelpName = "TOKEN" };
        token.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: "" }])
                result.AddError("--token takes a token of at least 16 characters, not nothing. Leave the option out for a host without one on loopback addresses.");
        });
        var readOnly = new Option<bool>("--read-only") { Description = "Only show: hide the buttons of the dashboard and refuse changes" };
        var sweeps = CommonOptions.Number<int>("--sweeps", "How many sweeps are executed at once; others wait [default: 20]", 1);
        var workers = CommonOptions.Number<int>("--workers", "How many runs of all sweeps are executed at once [default: what the cpus and GPUs allow]", 1);
        var verb = new Command("serve", "Host the scheduler and the dashboard; sweeps are handed to it by submit and schedule") { urls, token, readOnly, sweeps, workers };
        verb.Add(CommonOptions.Gpus);
        HelpWithExamples.Explain(verb,
            "Sweeps that an earlier 'serve' of the same home did not finish go on. Ctrl-C once: nothing new is started, runs may end. Twice, or SIGTERM:",
            "runs are ended and go on at the next start. The section Orchestrator:Web of appsettings.json has the same settings and more: docs/dashboard.md.",
            "Other users can read --token in the list of processes; the environment variable Orchestrator__Web__Token sets it unseen.");
        verb.SetAction(parsed => RunAsync(
            app, parsed, parsed.GetValue(urls), parsed.GetValue(token), parsed.GetValue(readOnly), parsed.GetValue(sweeps), parsed.GetValue(workers)));
        HelpWithExamples.Add(verb, "serve", "serve --urls http://0.0.0.0:8080 --read-only", "serve --home /data/sweeps --workers 8");
        return verb;
    }

    // Apart, so that nothing of the web host is loaded to show help.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task<int> RunAsync(CliApp app, ParseResult parsed, string? urls, string? token, bool readOnly, int? sweeps, int? workers) =>
        ServeSession.RunAsync(app, parsed, workers, web =>
        {
            web.Urls = urls ?? web.Urls;
            web.Token = token ?? web.Token;
            web.ReadOnly |= readOnly;
            web.ConcurrentSweeps = sweeps ?? web.ConcurrentSweeps;
        });
}
