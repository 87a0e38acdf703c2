using TorchSharp;
using static TorchSharp.torch;

namespace Orchestrator.Torch.Sharing;

/// <summary>What the runs of a process have in common: made once, outside of every run's scope, and never disposed.</summary>
internal sealed class SharedObjects
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Name, Type Type), object> _made = [];

    /// <summary>The process's own.</summary>
    public static SharedObjects OfProcess { get; } = new();

    /// <summary>What has this name and type, made at the first call.</summary>
    public T Get<T>(string name, Func<T> make)
        where T : class
    {
        lock (_gate)
        {
            if (_made.TryGetValue((name, typeof(T)), out var made))
                return (T)made;
            using var scope = NewDisposeScope();
            var mine = make();
            scope.Detach(scope.DisposablesView.ToArray());
            _made.Add((name, typeof(T)), mine);
            return mine;
        }
    }
}
