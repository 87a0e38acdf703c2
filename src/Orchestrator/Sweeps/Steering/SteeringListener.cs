using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Orchestrator.Storage;

namespace Orchestrator.Sweeps.Steering;

/// <summary>
/// Brings the requests of other processes to a sweep that this one executes: woken by the socket, and by a slow look in case a nudge
/// was lost. Owned by whoever holds the sweep's lock.
/// </summary>
internal sealed partial class SteeringListener : IAsyncDisposable
{
    private static readonly TimeSpan SlowLook = TimeSpan.FromSeconds(5);

    private readonly ISweepStore _store;
    private readonly long _sweep;
    private readonly SweepControl _control;
    private readonly ILogger _logger;
    private readonly string _path;
    private readonly Socket? _socket;
    private readonly ITimer _look;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _listening;
    private Task _looking = Task.CompletedTask;

    public SteeringListener(ISweepStore store, string home, string id, long sweep, SweepControl control, TimeProvider time, ILogger logger)
    {
        (_store, _sweep, _control, _logger) = (store, sweep, control, logger);
        _path = SteeringSocket.PathOf(home, id);
        _socket = SteeringSocket.TryListen(_path);
        // Its own flow: whoever starts a sweep may be in a run's flow himself.
        using (ExecutionContext.SuppressFlow())
        {
            _listening = Task.Run(ListenAsync);
            _look = time.CreateTimer(_ => _looking = Task.Run(AnswerAsync), null, SlowLook, SlowLook);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _look.DisposeAsync().ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        _socket?.Dispose();
        await Task.WhenAll(_listening, _looking).ConfigureAwait(false);
        if (_socket is not null)
            SteeringSocket.TryRemove(_path);
        _turn.Dispose();
        _stopping.Dispose();
    }

    private async Task ListenAsync()
    {
        while (_socket is not null && !_stopping.IsCancellationRequested)
        {
            try
            {
                using var caller = await _socket.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                await AnswerAsync().ConfigureAwait(false);
            }
            catch (Exception cause) when (cause is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // A caller went away, or the sweep has ended: the condition of the loop tells.
            }
        }
    }

    private async Task AnswerAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            foreach (var waiting in await _store.OpenRequestsAsync(_sweep).ConfigureAwait(false))
            {
                if (await AnswerToAsync(waiting.Request).ConfigureAwait(false) is not { } answer)
                    break; // the sweep has ended: who asked follows the request in the store, once the sweep's lock is free
                await _store.AppendAsync(new RequestAnswered { Id = waiting.Id, Accepted = answer.Accepted, Answer = answer.Message }).ConfigureAwait(false);
            }

            await _store.FlushAsync().ConfigureAwait(false);
        }
        catch (StoreException cause)
        {
            // The sweep ends by the same fault and tells it in full.
            LogFailed(_logger, cause.Message);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A request that cannot be read is refused, so that those behind it are heard.</summary>
    private Task<SteeringAnswer?> AnswerToAsync(string request)
    {
        try
        {
            return _control.PostAsync(SteeringRequest.FromJson(request));
        }
        catch (JsonException)
        {
            return Task.FromResult<SteeringAnswer?>(new SteeringAnswer(false, "The request cannot be read: another version may have written it."));
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "A request to a sweep could not be answered: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
