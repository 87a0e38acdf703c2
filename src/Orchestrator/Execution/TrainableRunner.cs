using System.Runtime.ExceptionServices;
using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Execution;

/// <summary>How the user's code of a run is called, inside the run's own DI scope.</summary>
internal abstract class TrainableRunner
{
    /// <summary>The name that logs and identities use.</summary>
    public abstract string Name { get; }

    public abstract Task RunAsync(IServiceProvider scope, RunContext run);

    private static Task Started(Task? task) => task ?? throw new InvalidOperationException("The trainable returned null where a Task was expected.");

    /// <summary>A class, built anew for each attempt.</summary>
    public static TrainableRunner OfType(string name, Type type) => new TypeRunner(name, type);

    /// <summary>A delegate, called for each attempt.</summary>
    public static TrainableRunner OfDelegate(string name, Func<RunContext, CancellationToken, Task> body) => new DelegateRunner(name, body);

    /// <summary>Stands for a command, which another place than this process executes.</summary>
    public static TrainableRunner OfCommand(string program) => new DelegateRunner(
        Path.GetFileName(program), static (_, _) => throw new NotSupportedException("A command is no code of this process."));

    private sealed class TypeRunner(string name, Type type) : TrainableRunner
    {
        // A compiled factory would cost every start some 40 ms and a run a microsecond less. It chooses among several constructors, and
        // refuses at once a class that has none.
        private readonly ObjectFactory _create = type is { IsAbstract: false } && type.GetConstructors().Length == 1
            ? (scope, _) => ActivatorUtilities.CreateInstance(scope, type)
            : ActivatorUtilities.CreateFactory(type, Type.EmptyTypes);

        public override string Name => name;

        public override async Task RunAsync(IServiceProvider scope, RunContext run)
        {
            var trainable = (ITrainable)_create(scope, null);
            try
            {
                await Started(trainable.TrainAsync(run.CancellationToken)).ConfigureAwait(false);
            }
            catch (Exception cause)
            {
                try
                {
                    await DisposeAsync(trainable).ConfigureAwait(false);
                }
                catch (Exception second)
                {
                    // What went wrong first says more: it must not be hidden by what it led to.
                    run.Log.Write($"The trainable's disposal failed, too: {ExceptionText.Of(second)}");
                }

                ExceptionDispatchInfo.Throw(cause);
            }

            await DisposeAsync(trainable).ConfigureAwait(false);
        }

        private static async ValueTask DisposeAsync(ITrainable trainable)
        {
            if (trainable is IAsyncDisposable later)
                await later.DisposeAsync().ConfigureAwait(false);
            else if (trainable is IDisposable now)
                now.Dispose();
        }
    }

    private sealed class DelegateRunner(string name, Func<RunContext, CancellationToken, Task> body) : TrainableRunner
    {
        public override string Name => name;

        public override Task RunAsync(IServiceProvider scope, RunContext run) => Started(body(run, run.CancellationToken));
    }
}
