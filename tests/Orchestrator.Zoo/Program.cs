using Orchestrator;
using Orchestrator.Zoo;

BadStart.If(args);
return await OrchestratorApp.RunAsync(args, app => app.Trainables
    .Add<BadRun>("bad")
    .Add<SteadyRun>("steady")
    .Add<Descent>("descent")
    .Add("registered-delegate", (run, _) =>
    {
        run.Report(0, ("loss", run.Parameters.Get<double>("x")));
        return Task.CompletedTask;
    }));
