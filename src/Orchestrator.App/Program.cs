using Microsoft.Extensions.DependencyInjection;
using Orchestrator;
using Orchestrator.App.Trainables;
using Orchestrator.App.Trainables.Digits;
using Orchestrator.App.Trainables.Functions;
using Orchestrator.Torch;

return await OrchestratorApp.RunAsync(args, app =>
{
    app.Services.AddSingleton(_ => DigitsData.Load());
    app.Trainables
        .Add<DigitsMlp>("digits-mlp")
        .Add<FunctionTrainable>("function")
        .AddTorchDigits();
    app.Services.AddTorch();
});
