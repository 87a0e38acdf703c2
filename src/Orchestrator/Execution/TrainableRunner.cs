using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.DependencyInjection;

namespace Orchestrator.Execution;

/// <summary>How the user's code of a run is called, inside the run's own DI scope.</summary>
internal abstract class TrainableRunner
{
    /// <summary>The name that logs and identities use.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it takes anything from the run's DI scope; otherwise none need be made.</summary>
    public abstract bool NeedsServices { get; }

    /// <summary>Calls the user's code.</summary>
    /// <param name="scope">The run's scope; <see langword="null"/>: there is none, since none is needed.</param>
    /// <param name="run">The run.</param>
    public abstract Task RunAsync(IServiceProvider? scope, RunContext run);

    private static Task Started(Task? task) => task ?? throw new InvalidOperationException("The trainable returned null where a Task was expected.");

    /// <summary>A class, built anew for each attempt.</summary>
    public static TrainableRunner OfType(string name, Type type) => new TypeRunner(name, type);

    /// <summary>A delegate, called for each attempt.</summary>
    public static TrainableRunner OfDelegate(string name, Func<RunContext, CancellationToken, Task> body) => new DelegateRunner(name, body);

    /// <summary>Stands for a command, which another place than this process executes.</summary>
    public static TrainableRunner OfCommand(string program) => new DelegateRunner(
        Path.GetFileName(program), static (_, _) => throw new NotSupportedException("A command is no code of this process."));

    private sealed class TypeRunner : TrainableRunner
    {
        private readonly string _name;
        private readonly Type _type;
        private readonly ConstructorInfo? _only;
        private readonly int _takes;
        private readonly ObjectFactory? _create;

        public TypeRunner(string name, Type type)
        {
            (_name, _type) = (name, type);
            if (!type.IsAbstract && type.GetConstructors() is [var only])
            {
                _only = only;
                var taken = only.GetParameters();
                _takes = taken.Length;
                foreach (var one in taken)
                    NeedsServices |= one.ParameterType != typeof(RunContext);
                return;
            }

            // Chooses among several constructors, and refuses at once a class that has none.
            NeedsServices = true;
            _create = ActivatorUtilities.CreateFactory(type, Type.EmptyTypes);
        }

        public override string Name => _name;

        public override bool NeedsServices { get; }

        public override async Task RunAsync(IServiceProvider? scope, RunContext run)
        {
            var trainable = Create(scope, run);
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

        private ITrainable Create(IServiceProvider? scope, RunContext run)
        {
            if (_create is not null)
                return (ITrainable)_create(scope!, null);
            if (NeedsServices) // not a compiled factory: that would cost every start some 40 ms, and save a run a microsecond
                return (ITrainable)ActivatorUtilities.CreateInstance(scope!, _type);
            var given = new object[_takes];
            given.AsSpan().Fill(run);
            return (ITrainable)_only!.Invoke(BindingFlags.DoNotWrapExceptions, null, given, null);
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

        public override bool NeedsServices => false;

        public override Task RunAsync(IServiceProvider? scope, RunContext run) => Started(body(run, run.CancellationToken));
    }
}
