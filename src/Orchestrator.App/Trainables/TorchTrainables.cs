using Orchestrator.Execution;
#if TORCHSHARP
using Orchestrator.App.Trainables.TorchDigits;
#else
using Orchestrator.Torch;
#endif

namespace Orchestrator.App.Trainables;

/// <summary>The bundled trainables that need TorchSharp.</summary>
internal static class TorchTrainables
{
    public const string Digits = "torch-digits";

    /// <summary>Registers <c>torch-digits</c>, or its name where this program was built without TorchSharp.</summary>
    public static void AddTorchDigits(this TrainableRegistry trainables)
    {
#if TORCHSHARP
        trainables.Add<DigitsTorch>(Digits);
#else
        TorchSupport.AddMissing(trainables, Digits);
#endif
    }
}
