using Microsoft.Extensions.DependencyInjection;
using Orchestrator;
using Orchestrator.App.Trainables.Digits;
using Orchestrator.App.Trainables.Functions;
using Orchestrator.Torch;

return await OrchestratorApp.RunAsync(args, app =>
{
    app.Services.AddSingleton(_ => DigitsData.Load());
    app.Trainables
        .Add<TorchDigits>("torch-digits")
        .Add<FunctionTrainable>("function");
    app.Services.AddTorch();
});
