using Microsoft.Extensions.DependencyInjection;
using Orchestrator;
using Orchestrator.App.Trainables.Digits;
using Orchestrator.App.Trainables.Functions;
using Orchestrator.App.Trainables.TorchDigits;
using Orchestrator.Torch;

return await OrchestratorApp.RunAsync(args, app =>
{
    app.Services.AddSingleton(_ => DigitsData.Load());
    app.Trainables
        .Add<DigitsMlp>("digits-mlp")
        .Add<FunctionTrainable>("function")
        .Add<DigitsTorch>("torch-digits");
    app.Services.AddTorch();
});
